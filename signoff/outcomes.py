"""How the outcomes of a sign-off look. Imported when the app is ready."""

from signoff.models import SignOff
from signoff.web.tones import TONES

Outcome = SignOff.Outcome

TONES |= {Outcome.ACCEPTED: "ok", Outcome.WITH_REMARKS: "info", Outcome.PARTLY: "warn", Outcome.REFUSED: "danger"}
