"""How the states of a message look. Imported when the app is ready."""

from feedback.models import Message
from signoff.web.tones import TONES

S = Message.Status

TONES |= {S.QUEUED: "neutral", S.SENDING: "info", S.SENT: "ok", S.FAILED: "danger"}
