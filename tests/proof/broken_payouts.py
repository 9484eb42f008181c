"""Two wrong payout implementations. The proofs must find their faults."""

import secrets

from django.db import transaction
from django.utils import timezone

from refunds.models import Refund
from refunds.payouts import outcomes
from refunds.payouts.gateways import GATEWAYS
from refunds.payouts.transitions import lock_refund, transition_refund
from refunds.payouts.worker import instruction_of


@transaction.atomic
def call_inside(refund: Refund) -> None:
    """Call the provider inside the transaction, with a new key per call."""
    locked = lock_refund(refund)
    if locked.status == Refund.Status.DUE:
        outcome = GATEWAYS[locked.gateway].send(instruction_of(locked), secrets.token_hex(16))
        outcomes.record(locked, outcome, now=timezone.now())


def mark_then_call(refund: Refund) -> None:
    """Mark it as paid, commit, then call."""
    with transaction.atomic():
        locked = lock_refund(refund)
        if locked.status != Refund.Status.DUE:
            return
        transition_refund(locked, "send", by=None, now=timezone.now())
        outcomes.paid(locked, locked.token, by=None, now=timezone.now())
    GATEWAYS[locked.gateway].send(instruction_of(locked), locked.idempotency_key)
