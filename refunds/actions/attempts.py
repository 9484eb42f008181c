"""Attempts of a refund: each has a key of its own, and the next starts without what the last one left."""

from refunds.models import Refund

FRESH = {"provider_reference": "", "failure": "", "lease_token": "", "first_sent_at": None, "lease_until": None}


def key_of(token: str, attempt: int) -> str:
    """What the provider knows this attempt of a refund by."""
    return f"{token}-{attempt}"


def renew(refund: Refund) -> None:
    """Make the next attempt of a locked refund; the caller saves it."""
    refund.attempt += 1
    refund.idempotency_key = key_of(refund.token, refund.attempt)
    for name, value in FRESH.items():
        setattr(refund, name, value)
