"""How the states of a case look. Imported when the app is ready."""

from returns.models import Case
from signoff.web.tones import TONES

S = Case.Status

TONES |= {
    S.SUBMITTED: "accent",
    S.WAITING_ON_SHOPPER: "warn",
    S.IN_APPRAISAL: "info",
    S.OFFERED: "warn",
    S.AWAITING_APPROVAL: "warn",
    S.AUTHORISED: "accent",
    S.IN_TRANSIT: "info",
    S.RECEIVED: "info",
    S.INSPECTED: "info",
    S.SETTLING: "accent",
    S.RESOLVED: "ok",
    S.REJECTED: "danger",
    S.CANCELLED: "neutral",
    S.EXPIRED: "neutral",
    S.CLOSED: "neutral",
}
