"""Actions of finance on a refund: confirm it, mark it as failed, retry it."""

from datetime import datetime

import psycopg
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from refunds.ledger.caps import reserve, shares_of
from refunds.models import Refund
from refunds.payouts import outcomes
from refunds.payouts.transitions import PAY, LockedRefund, lock_refund, not_any_more, renew, transition_refund
from returns.lifecycle.actions import require_permission
from returns.logbook.writer import Actor

ONE_PER_REFERENCE = "one_refund_per_provider_reference"


class ReferenceTaken(Exception):
    """Another refund has this reference already; a sentence for finance."""


def confirm_paid(refund: Refund, *, by: Actor, reference: str, now: datetime | None = None) -> Refund:
    """Mark a refund as paid by hand; ``reference`` is the bank's.

    Raises ``PermissionDenied``, ``TransitionNotAllowed``, ``ReferenceTaken``.
    """
    try:
        with transaction.atomic():
            locked = _lock_for_people(refund, by)
            if isinstance(by, User):
                locked.confirmed_by = by
            return outcomes.paid(locked, reference, by=by, now=now or timezone.now())
    except IntegrityError as clash:
        cause = clash.__cause__
        if isinstance(cause, psycopg.Error) and cause.diag.constraint_name == ONE_PER_REFERENCE:
            raise ReferenceTaken(_reference_taken_text(reference)) from clash
        raise


@transaction.atomic
def mark_failed(refund: Refund, *, by: Actor, why: str, now: datetime | None = None) -> Refund:
    """Mark a refund as failed: finance knows that it was not and will not be paid.

    Raises ``PermissionDenied``, ``TransitionNotAllowed``.
    """
    return outcomes.failed(_lock_for_people(refund, by), why, by=by, now=now or timezone.now())


@transaction.atomic
def retry(refund: Refund, *, by: Actor, now: datetime | None = None) -> Refund:
    """Start another attempt of a failed or reversed refund, with another key; its amount is counted again.

    The provider's list is read first, because the failed attempt may have been paid after all.

    Raises ``PermissionDenied``, ``TransitionNotAllowed``, and ``ExceedsRefundable`` if the money has gone
    back another way meanwhile.
    """
    require_permission(by, PAY)
    now = now or timezone.now()
    locked = lock_refund(refund)
    if locked.status == Refund.Status.FAILED:
        reserve(locked, shares_of(locked))
    renew(locked)
    locked.ask_first, locked.due_at = True, now
    transition_refund(locked, "retry", by=by, now=now)
    outcomes.note_refund(locked, "refund_retried", by=by, now=now)
    return locked


def waits_for_people(refund: Refund) -> bool:
    """Whether finance decides on it: a bank transfer, or an unknown outcome; not while a worker has its lease."""
    return refund.status == Refund.Status.UNKNOWN or (
        refund.status == Refund.Status.SENDING and refund.lease_until is None
    )


def _lock_for_people(refund: Refund, by: Actor) -> LockedRefund:
    require_permission(by, PAY)
    locked = lock_refund(refund)
    if not waits_for_people(locked):
        raise TransitionNotAllowed(not_any_more(locked), object=locked, method=locked.confirm)
    return locked


def _reference_taken_text(reference: str) -> str:
    return _("The reference “%(reference)s” is already used for another refund. Check it and enter the right one.") % {
        "reference": reference
    }
