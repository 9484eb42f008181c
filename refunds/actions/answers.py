"""What follows from a gateway's answer, or from what finance says: state, ledger, counters, logbook, case."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from refunds.actions.finishing import finish_locked
from refunds.actions.ledger import Occasion, Side, book
from refunds.actions.recording import keep, step
from refunds.actions.reserving import release, shares_of
from refunds.gateways import GATEWAYS, AskLater, Failed, Outcome, Paid, Unknown, Waiting
from refunds.models import Entry, Refund
from returns.actions import Actor, note
from signoff.shares import to_coin

ASK_AGAIN_AFTER = timedelta(minutes=10)


class ReferenceTaken(Exception):
    """Another refund already carries this reference; a sentence for finance."""


def record(refund: Refund, outcome: Outcome, *, now: datetime) -> Refund:
    """Do what ``outcome`` asks for with a refund that is locked and being sent."""
    match outcome:
        case Paid(reference=reference):
            return paid(refund, reference, by=None, now=now)
        case Failed(why=why):
            return failed(refund, why, by=None, now=now)
        case AskLater(after=after):
            refund.due_at = now + after
            return step(refund, "ask_again", by=None, now=now)
        case Unknown(why=why):
            refund.failure, refund.due_at = why, now + ASK_AGAIN_AFTER
            return step(refund, "lose_sight", by=None, now=now)
        case Waiting():
            keep(refund, by=None, now=now, why="waiting")
            return refund


def paid(refund: Refund, reference: str, *, by: Actor, now: datetime) -> Refund:
    """It is paid: the debt is booked as settled, the case may be done. Raises ``ReferenceTaken``."""
    refund.provider_reference, refund.failure, refund.paid_at = reference, "", now
    try:
        with transaction.atomic():
            step(refund, "confirm", by=by, now=now)
    except IntegrityError as clash:
        raise ReferenceTaken(_taken(reference)) from clash
    customer = refund.case.customer
    sides = [
        Side(Entry.Account.PAYABLE, refund.amount, customer=customer),
        Side(GATEWAYS[refund.gateway].account, -refund.amount, customer=customer),
    ]
    book(refund.case, sides=sides, currency=refund.currency, occasion=Occasion.PAID, refund=refund, now=now)
    tell(refund, "refund_paid", by=by, now=now)
    finish_locked(refund.case, now=now)
    return refund


def failed(refund: Refund, why: str, *, by: Actor, now: datetime) -> Refund:
    """It is definitely not paid: nothing is booked, what was counted is free again until somebody retries."""
    release(refund, shares_of(refund))
    refund.failure = why[: Refund._meta.get_field("failure").max_length]
    step(refund, "fail", by=by, now=now)
    tell(refund, "refund_failed", by=by, now=now)
    return refund


def tell(refund: Refund, verb: str, *, by: Actor, now: datetime) -> None:
    """Write into the logbook what happened to a refund: ids and figures only."""
    amount = to_coin(refund.amount, refund.currency)
    facts = {"refund": refund.token, "amount": str(amount), "currency": refund.currency, "gateway": refund.gateway}
    note(refund.case, verb, by=by, now=now, **facts)


def _taken(reference: str) -> str:
    return _("The reference “%(reference)s” already belongs to another refund. Check it and type the right one.") % {
        "reference": reference
    }
