"""Lock a refund, run its transitions, start its next attempt with a key of its own."""

from datetime import datetime
from typing import NewType

from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed, can_proceed

from refunds.ledger.locks import LockedWithBooks, lock_with_books
from refunds.ledger.trail import save_refund
from refunds.models import Refund
from refunds.models.refunds import key_of
from refunds.payouts.queries import select_for_update
from returns.logbook.locks import LockedCase, LockedWithLines
from returns.logbook.writer import Actor

NEW_ATTEMPT = {"provider_reference": "", "failure": "", "lease_token": "", "first_sent_at": None, "lease_until": None}


def renew(refund: Refund) -> None:
    """Prepare the next attempt of a locked refund with a new key; the caller saves it."""
    refund.attempt += 1
    refund.idempotency_key = key_of(refund.token, refund.attempt)
    for name, value in NEW_ATTEMPT.items():
        setattr(refund, name, value)


PAY = "refunds.pay_refund"

#: a refund that this transaction has locked after its case, as it is now
LockedRefund = NewType("LockedRefund", Refund)


def lock_refund(refund: Refund) -> LockedRefund:
    """Lock the case of ``refund`` with its books, then the refund (order of locks: ``returns.logbook.locks``)."""
    case = lock_with_books(refund.case)
    locked = select_for_update(refund.pk)
    case.customer, locked.case = locked.case.customer, case
    return LockedRefund(locked)


def locked_case_of(refund: LockedRefund) -> LockedWithBooks:
    """The case of a locked refund: ``lock_refund`` has locked it first, with its books."""
    return LockedWithBooks(LockedWithLines(LockedCase(refund.case)))


def transition_refund(refund: Refund, name: str, *, by: Actor, now: datetime, why: str = "") -> Refund:
    """Run one transition of a locked refund and save it with its history. Raises ``TransitionNotAllowed``."""
    bound = getattr(refund, name)
    if not can_proceed(bound):
        raise TransitionNotAllowed(not_any_more(refund), object=refund, method=bound)
    bound()
    save_refund(refund, by=by, now=now, why=why or name)
    return refund


def not_any_more(refund: Refund) -> str:
    """The refusal of a form that was rendered before the refund changed."""
    return _(
        "This refund has changed in the meantime. Its status is now “%(status)s”. Check it again before you act."
    ) % {"status": refund.get_status_display()}
