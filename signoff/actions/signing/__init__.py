"""Signing for a parcel: by whoever takes it over, by its carrier's proof, by expiry of time, and by correction."""

from signoff.actions.signing.correcting import AlreadyCorrected, correct
from signoff.actions.signing.first import AlreadySigned, NeverSigned, sign, sign_by_carrier
from signoff.actions.signing.timer import sign_due

__all__ = ["AlreadyCorrected", "AlreadySigned", "NeverSigned", "correct", "sign", "sign_by_carrier", "sign_due"]
