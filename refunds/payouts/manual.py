"""Actions of finance on a refund: confirm it, mark it as failed, retry it."""

from datetime import datetime

import psycopg
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from refunds.ledger.caps import reserve
from refunds.ledger.shop_refunds.counting import match_paid
from refunds.models import Refund
from refunds.payouts import outcomes
from refunds.payouts.reinstate import reinstate
from refunds.payouts.transitions import PAY, LockedRefund, lock_refund, not_any_more, renew, transition_refund
from refunds.pricing.shares import shares_of
from refunds.settlement.debts import is_stopped
from returns.lifecycle.actions import require_permission
from returns.logbook.writer import Actor, author_of

ONE_PER_REFERENCE = "one_refund_per_provider_reference"


class ReferenceTaken(Exception):
    """Another refund has this reference already; a sentence for finance."""


def confirm_paid(refund: Refund, *, by: Actor, reference: str, now: datetime | None = None) -> Refund:
    """Mark a refund as paid by hand; ``reference`` is the bank's or the provider's.

    A stopped refund may be confirmed, too: finance had paid it before it was stopped.

    Raises ``PermissionDenied``, ``TransitionNotAllowed``, ``ReferenceTaken``, and ``ExceedsRefundable`` for a stopped
    refund whose money another plan has given back meanwhile.
    """
    try:
        with transaction.atomic():
            now = now or timezone.now()
            require_permission(by, PAY)
            locked = lock_refund(refund)
            if may_be_paid_after_all(locked):
                reinstate(locked, now=now)
            else:
                _require_waiting(locked)
            if isinstance(by, User):
                locked.confirmed_by = by
            paid = outcomes.paid(locked, reference, by=by, now=now)
            match_paid(paid, by=author_of(by), now=now)
            return paid
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
    if is_stopped(locked):
        raise TransitionNotAllowed(_("The plan of this refund was stopped. Make a new plan in the case."))
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


def may_be_paid_after_all(refund: Refund) -> bool:
    """Whether a stopped refund had been with finance or a provider before, who may have paid it."""
    return is_stopped(refund) and refund.first_sent_at is not None


def _lock_for_people(refund: Refund, by: Actor) -> LockedRefund:
    require_permission(by, PAY)
    locked = lock_refund(refund)
    _require_waiting(locked)
    return locked


def _require_waiting(locked: LockedRefund) -> None:
    if not waits_for_people(locked):
        raise TransitionNotAllowed(not_any_more(locked), object=locked, method=locked.confirm)


def _reference_taken_text(reference: str) -> str:
    return _("The reference “%(reference)s” is already used for another refund. Check it and enter the right one.") % {
        "reference": reference
    }
