"""Paying a refund exactly once: claim, call, settle. The row says what to do next, whatever process is killed.

*Claim* commits the state "sending" with a lease and the key that was made with the attempt. *Call* talks to
the gateway outside any transaction: it sends, or, where the provider may have forgotten the key or has used it
up, reads the provider's own list. *Settle* locks again, compares the lease (a late worker changes nothing)
and records the outcome. A worker that died in between leaves an expired lease: the same key is sent again.
"""

import logging
import secrets
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from refunds.ledger.shop_refunds.queries import without_open_reports
from refunds.models import Refund
from refunds.payouts import outcomes
from refunds.payouts.gateways import GATEWAYS, Instruction, Outcome, Unknown
from refunds.payouts.gateways.base import outcome_of
from refunds.payouts.queries import Queue, lock_first, lock_if_queued
from refunds.payouts.transitions import lock_refund, transition_refund
from signoff.db.required import required

logger = logging.getLogger(__name__)

AT_ONCE = 200  # refunds that one sweep sends; the next sweep takes the rest
TRIES = 3  # deadlocks and lock time-outs are tried again
EXPECTED_ERRORS = (DatabaseError, TransitionNotAllowed, LookupError)  # one broken refund does not stop the others

Status = Refund.Status


def due(now: datetime) -> Q:
    """Refunds to send; none whose payment the shop may have refunded itself."""
    return without_open_reports(Q(status=Status.DUE, due_at__lte=now))


def expired_leases(now: datetime) -> Q:
    """Refunds that a dead worker left in "sending"."""
    return Q(status=Status.SENDING, lease_until__lte=now)


def unanswered(now: datetime) -> Q:
    """Refunds whose outcome is unknown because the provider did not answer."""
    return Q(status=Status.UNKNOWN, due_at__lte=now)


def pending(now: datetime) -> Q:
    """Refunds that the provider has accepted without reporting an outcome yet."""
    return Q(status=Status.PENDING, due_at__lte=now)


class InsideTransaction(RuntimeError):
    """A gateway was about to be called inside a transaction: a programming error."""


def pay_due(*, now: datetime | None = None) -> int:
    """Send due refunds, and handle those that a dead worker or the provider left open; returns how many it handled.

    The queues take turns, so that a provider that does not answer does not delay the others.
    """
    queues, handled = [expired_leases, unanswered, pending], 0
    while handled < AT_ONCE:
        before = handled
        for queue in (*queues, due):  # a refund that the list does not have is due at once
            if refund := claim(now or timezone.now(), among=queue):
                _answer_or_leave(refund, now=now)
                handled += 1
            elif queue in queues:
                queues.remove(queue)
        if handled == before:
            break
    return handled


def pay(refund: Refund, *, now: datetime | None = None) -> bool:
    """Send this one refund if it is due and not locked; returns whether it was sent."""
    sent = False
    while claimed := claim(now or timezone.now(), only=refund):
        answer(claimed, now=now)
        sent = True
    return sent


@transaction.atomic
def claim(now: datetime, *, only: Refund | None = None, among: Queue = due) -> Refund | None:
    """Claim the refund that is due longest in the queue, or ``only`` this one; None if there is none."""
    refund = lock_if_queued(among, now, only.pk) if only else lock_first(among, now)
    if refund is None:
        return None
    refund.lease_token = secrets.token_hex(16)
    refund.lease_until = now + settings.REFUND_LEASE
    if not needs_look_up(refund, now):
        refund.first_sent_at = refund.first_sent_at or now
    return transition_refund(refund, "send", by=None, now=now)


def needs_look_up(refund: Refund, now: datetime) -> bool:
    """Whether to read the provider's list before another call, because the key may be forgotten or is spent."""
    return refund.ask_first or (
        refund.first_sent_at is not None and refund.first_sent_at <= now - settings.REFUND_KEY_LASTS
    )


def answer(refund: Refund, *, now: datetime | None = None, tries: int = TRIES) -> None:
    """Call the gateway once for a claimed refund and record the outcome in at most ``tries`` attempts."""
    outcome = call(refund, now=now)
    for attempt in range(1, tries + 1):
        try:
            settle(refund, outcome, now=now)
        except OperationalError:
            if attempt == tries:
                raise
        else:
            return


def _answer_or_leave(refund: Refund, *, now: datetime | None) -> None:
    try:
        answer(refund, now=now)
    except EXPECTED_ERRORS:
        logger.exception("Refund %s is left to a later sweep", refund.pk)


def call(refund: Refund, *, now: datetime | None = None) -> Outcome:
    """Call the gateway; returns its outcome. Raises ``InsideTransaction``: a rollback must not undo the outcome.

    A worker whose lease has expired does not call: another may have it, and the provider may have forgotten the key.
    """
    now = now or timezone.now()
    if now >= required(refund.lease_until):
        return Unknown("The worker came too late.")
    return look_up(refund) if needs_look_up(refund, now) else _call_gateway(refund, send=True)


def look_up(refund: Refund) -> Outcome:
    """The outcome of a refund according to the provider's list. Raises ``InsideTransaction``."""
    return _call_gateway(refund, send=False)


def instruction_of(refund: Refund) -> Instruction:
    """The instruction for the gateway."""
    return Instruction(
        refund=refund.token,
        amount=refund.amount,
        currency=refund.currency,
        payment=refund.payment.reference,
        customer=refund.case.customer_id,
    )


def _call_gateway(refund: Refund, *, send: bool) -> Outcome:
    if connection.in_atomic_block:
        raise InsideTransaction(f"refund {refund.pk}")
    gateway, key, instruction = GATEWAYS[refund.gateway], refund.idempotency_key, instruction_of(refund)
    try:
        return gateway.send(instruction, key) if send else outcome_of(gateway.look_up(instruction), key)
    except OSError as error:
        logger.warning("Refund %s got no answer from %s: %s", refund.pk, refund.gateway, error)
        return Unknown(type(error).__name__)


@transaction.atomic
def settle(refund: Refund, outcome: Outcome, *, now: datetime | None = None) -> Refund:
    """Record ``outcome`` for the refund as it was claimed; a worker that has lost its lease changes nothing."""
    now = now or timezone.now()
    locked = lock_refund(refund)
    if locked.status != Status.SENDING or locked.lease_token != refund.lease_token:
        logger.warning("Refund %s: a late answer was left aside, somebody else has taken over", refund.pk)
        return locked
    locked.lease_token, locked.lease_until = "", None
    return outcomes.record(locked, outcome, now=now)
