"""How the states of a payment back look. Imported when the app is ready."""

from refunds.models import Refund
from signoff.web.tones import TONES

S = Refund.Status

TONES |= {
    S.DUE: "warn",
    S.SENDING: "info",
    S.PENDING: "info",
    S.PAID: "ok",
    S.FAILED: "danger",
    S.UNKNOWN: "warn",
    S.REVERSED: "danger",
}
