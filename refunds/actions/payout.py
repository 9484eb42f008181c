"""Paying a refund exactly once: claim, call, settle. The row is the truth; whatever is killed, it says what to do.

*Claim* commits the state "sending" with a lease and the key that was made with the attempt. *Call* talks to
the gateway outside any transaction. *Settle* locks again, compares the lease (a late worker changes nothing)
and records the answer. A worker that died in between leaves an expired lease: the same key is sent again.
"""

import logging
import secrets
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from refunds.actions import answers
from refunds.actions.by_hand import confirm_paid, mark_failed, retry
from refunds.actions.recording import lock, step
from refunds.gateways import GATEWAYS, Instruction, Outcome, Unknown
from refunds.models import Refund

__all__ = ["call", "claim", "confirm_paid", "mark_failed", "pay", "pay_due", "pick_up", "retry", "settle"]

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than any call may take
SAME_KEY = timedelta(hours=20)  # providers remember a key for 24 hours or more
AT_ONCE = 200  # refunds that one sweep sends; the next sweep takes the rest
TRIES = 3  # deadlocks and lock time-outs are tried again


class InsideTransaction(RuntimeError):
    """A gateway was about to be called inside a transaction: an error of ours."""


def pay_due(*, now: datetime | None = None) -> int:
    """Send what is due, after picking up what died or stayed without an answer; returns how many were sent."""
    pick_up(now=now)
    sent = 0
    while sent < AT_ONCE and (refund := claim(now or timezone.now())):
        answer(refund, now=now)
        sent += 1
    return sent


def pay(refund: Refund, *, now: datetime | None = None) -> bool:
    """Send this one refund if it is due and nobody else is at it; returns whether it was sent."""
    claimed = claim(now or timezone.now(), only=refund)
    if claimed:
        answer(claimed, now=now)
    return claimed is not None


@transaction.atomic
def claim(now: datetime, *, only: Refund | None = None) -> Refund | None:
    """Take the refund that has been due longest, or ``only`` that one; None where nothing is due."""
    due = Refund.objects.filter(status=Refund.Status.DUE, due_at__lte=now, **({"pk": only.pk} if only else {}))
    refund = due.select_for_update(skip_locked=True).order_by("due_at", "pk").first()
    if refund is None:
        return None
    refund.lease_token = secrets.token_hex(16)
    refund.lease_until = now + LEASE
    refund.first_sent_at = refund.first_sent_at or now
    return step(refund, "send", by=None, now=now)


def answer(refund: Refund, *, now: datetime | None = None) -> None:
    """Call the gateway for a claimed refund and record what it says."""
    outcome = call(refund)
    for attempt in range(1, TRIES + 1):
        try:
            settle(refund, outcome, now=now)
        except OperationalError:
            if attempt == TRIES:
                raise
        else:
            return


def call(refund: Refund) -> Outcome:
    """What the gateway answers. Raises ``InsideTransaction``: an answer must never be undone by a rollback."""
    if connection.in_atomic_block:
        raise InsideTransaction(f"refund {refund.pk}")
    instruction = Instruction(
        refund=refund.token,
        idempotency_key=refund.idempotency_key,
        amount=refund.amount,
        currency=refund.currency,
        payment=refund.payment.reference,
        customer=refund.case.customer_id,
    )
    try:
        return GATEWAYS[refund.gateway].pay(instruction)
    except OSError as error:
        logger.warning("Refund %s got no answer from %s: %s", refund.pk, refund.gateway, error)
        return Unknown(type(error).__name__)


@transaction.atomic
def settle(refund: Refund, outcome: Outcome, *, now: datetime | None = None) -> Refund:
    """Record ``outcome`` for the refund as it was claimed; a worker whose lease was taken over changes nothing."""
    now = now or timezone.now()
    locked = lock(refund)
    if locked.status != Refund.Status.SENDING or locked.lease_token != refund.lease_token:
        logger.warning("Refund %s: a late answer was left aside, somebody else has taken over", refund.pk)
        return locked
    locked.lease_token, locked.lease_until = "", None
    return answers.record(locked, outcome, now=now)


def pick_up(*, now: datetime | None = None) -> None:
    """Send again, under the same key, what a dead worker left or what got no definite answer.

    Once the provider may have forgotten the key nothing is sent any more: the refund stays "unknown" until
    a person has asked the provider.
    """
    now = now or timezone.now()
    dead = Refund.objects.filter(status=Refund.Status.SENDING, lease_until__lt=now)
    unsure = Refund.objects.filter(status=Refund.Status.UNKNOWN, due_at__lte=now, first_sent_at__gt=now - SAME_KEY)
    for refund in [*dead.order_by("pk")[:AT_ONCE], *unsure.order_by("pk")[:AT_ONCE]]:
        _send_again(refund, now=now)


@transaction.atomic
def _send_again(refund: Refund, *, now: datetime) -> None:
    locked = Refund.objects.select_for_update(skip_locked=True).filter(pk=refund.pk, status=refund.status).first()
    if locked is None or locked.lease_token != refund.lease_token or locked.due_at != refund.due_at:
        return
    locked.lease_token, locked.lease_until = "", None
    if locked.first_sent_at > now - SAME_KEY:
        step(locked, "ask_again", by=None, now=now)
    elif locked.status == Refund.Status.SENDING:
        step(locked, "lose_sight", by=None, now=now)
