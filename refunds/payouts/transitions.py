"""Lock a refund, run its transitions, start its next attempt with a key of its own."""

from datetime import datetime

from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed, can_proceed

from refunds.ledger.caps import lock_books
from refunds.ledger.trail import save_refund
from refunds.models import Refund
from refunds.models.refunds import key_of
from refunds.payouts.queries import lock_refund
from returns.logbook import writer
from returns.logbook.writer import Actor

NEW_ATTEMPT = {"provider_reference": "", "failure": "", "lease_token": "", "first_sent_at": None, "lease_until": None}


def renew(refund: Refund) -> None:
    """Prepare the next attempt of a locked refund with a new key; the caller saves it."""
    refund.attempt += 1
    refund.idempotency_key = key_of(refund.token, refund.attempt)
    for name, value in NEW_ATTEMPT.items():
        setattr(refund, name, value)


PAY = "refunds.pay_refund"


def lock(refund: Refund) -> Refund:
    """Lock a refund with its payments, order lines and case in the project's lock order; returns the fresh row."""
    lock_books(refund.case)
    case = writer.lock(refund.case_id)
    locked = lock_refund(refund.pk)
    case.customer, locked.case = locked.case.customer, case
    return locked


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
