"""Apply the outcome of a payout, from a gateway or finance, to state, ledger, counters, logbook and case."""

from datetime import datetime, timedelta

from django.conf import settings

from refunds.ledger.booking import Occasion, Side, book
from refunds.ledger.caps import release
from refunds.ledger.shop_refunds.counting import recount
from refunds.ledger.trail import pinned, save_refund
from refunds.models import Entry, Refund
from refunds.payouts.gateways import (
    GATEWAYS,
    Absent,
    Failed,
    Outcome,
    Paid,
    Pending,
    RetryLater,
    Reversed,
    Unknown,
    Waiting,
)
from refunds.payouts.transitions import LockedRefund, locked_case_of, renew, transition_refund
from refunds.pricing.shares import shares_of
from refunds.settlement.finish import finish
from returns.logbook.writer import Actor, note
from signoff.money import to_coin

PENDING_FOR = timedelta(hours=1)  # then the provider's list is read, should no notice have come


def record(refund: LockedRefund, outcome: Outcome, *, now: datetime) -> Refund:
    """Apply ``outcome`` to an open refund."""
    match outcome:
        case Paid(reference=reference):
            return paid(refund, reference, by=None, now=now)
        case Pending(reference=reference):
            refund.provider_reference, refund.ask_first, refund.due_at = reference, True, now + PENDING_FOR
            return transition_refund(refund, "accept", by=None, now=now)
        case Reversed(reference=reference):
            return reversed_(refund, reference, now=now)
        case Failed(why=why):
            return failed(refund, why, by=None, now=now)
        case RetryLater(after=after):
            refund.due_at = now + after
            return transition_refund(refund, "ask_again", by=None, now=now)
        case Unknown(why=why, key_is_spent=spent):
            return unknown(refund, why, ask_first=refund.ask_first or spent, now=now)
        case Absent():
            return absent(refund, now=now)
        case Waiting():
            save_refund(refund, by=None, now=now, why="waiting")
            return refund


def paid(refund: LockedRefund, reference: str, *, by: Actor, now: datetime) -> Refund:
    """It is paid: book the payment; the case may be resolved by it."""
    refund.provider_reference, refund.failure, refund.paid_at = reference, "", now
    transition_refund(refund, "confirm", by=by, now=now)
    _book(refund, Occasion.PAID, out=True, now=now)
    note_refund(refund, "refund_paid", by=by, now=now)
    finish(locked_case_of(refund), now=now)
    return refund


def failed(refund: LockedRefund, why: str, *, by: Actor, now: datetime) -> Refund:
    """It is definitely not paid: nothing is booked, and its amounts are released from the caps until a retry."""
    release(refund, shares_of(refund))
    refund.failure = _short(why)
    transition_refund(refund, "fail", by=by, now=now)
    note_refund(refund, "refund_failed", by=by, now=now)
    recount(refund.payment.order, now=now)
    return refund


def reversed_(refund: LockedRefund, reference: str, *, now: datetime) -> Refund:
    """The money came back: it is owed again, and stays counted against the caps until finance pays it another way."""
    if refund.status != Refund.Status.PAID:
        paid(refund, reference, by=None, now=now)
    transition_refund(refund, "reverse", by=None, now=now)
    _book(refund, Occasion.REVERSED, out=False, now=now)
    note_refund(refund, "refund_reversed", by=None, now=now)
    return refund


def unknown(refund: LockedRefund, why: str, *, ask_first: bool, now: datetime) -> Refund:
    """The outcome is not known yet; it is checked again later."""
    refund.failure, refund.ask_first, refund.due_at = _short(why), ask_first, now + settings.REFUND_ASKED_AGAIN_AFTER
    return transition_refund(refund, "mark_unknown", by=None, now=now)


def absent(refund: LockedRefund, *, now: datetime) -> Refund:
    """The provider's list does not have it: it is due now, with another key if this one was used before.

    If the provider had accepted it, the list contradicts that; then nothing is sent.
    """
    if refund.provider_reference:
        return unknown(refund, "The provider's list has lost it.", ask_first=True, now=now)
    refund.ask_first, refund.due_at = False, now
    if refund.first_sent_at is None:
        return transition_refund(refund, "ask_again", by=None, now=now)
    renew(refund)
    return transition_refund(refund, "start_over", by=None, now=now)


def note_refund(refund: LockedRefund, verb: str, *, by: Actor, now: datetime) -> None:
    """Write an entry about a refund into the logbook: ids, amounts, and its trail.

    Closed cases get entries too, because money can come back long after.
    """
    amount = to_coin(refund.amount, refund.currency)
    facts = {"refund": refund.token, "amount": str(amount), "currency": refund.currency, "gateway": refund.gateway}
    note(locked_case_of(refund), verb, by=by, now=now, digests=pinned(refund), **facts)


def _book(refund: Refund, occasion: Occasion, *, out: bool, now: datetime) -> None:
    amount, customer = refund.amount if out else -refund.amount, refund.case.customer
    sides = [
        Side(Entry.Account.PAYABLE, amount, customer=customer),
        Side(GATEWAYS[refund.gateway].account, -amount, customer=customer),
    ]
    book(refund.case, sides=sides, currency=refund.currency, occasion=occasion, refund=refund, now=now)


def _short(why: str) -> str:
    return why[: Refund._meta.get_field("failure").max_length]
