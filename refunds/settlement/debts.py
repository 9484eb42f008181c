"""What a case owes: whether a refund is still owed, and entries for debts that end or return after the settlement."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from refunds.ledger.booking import Occasion, Side, book
from refunds.ledger.locks import LockedWithBooks
from refunds.models import Entry, Refund
from refunds.pricing.shares import Share, shares_of
from signoff.money import portion


def is_stopped(refund: Refund) -> bool:
    """Whether the refund will not be tried again, because its plan is no longer in force."""
    return refund.status == Refund.Status.FAILED and refund.resolution.superseded_at is not None


def cancel_debt(case: LockedWithBooks, unpaid: Sequence[Refund], *, now: datetime) -> None:
    """Cancel the debt of refunds that will not be paid, by a counter-entry."""
    shares = [share for refund in unpaid for share in shares_of(refund)]
    _book_debt(case, shares, Occasion.STOPPED, sign=-1, now=now)


def owe_again(case: LockedWithBooks, refund: Refund, *, now: datetime) -> None:
    """Book the debt of a stopped refund that was paid all the same."""
    _book_debt(case, shares_of(refund), Occasion.SETTLED, sign=1, now=now)


def _book_debt(case: LockedWithBooks, shares: Sequence[Share], occasion: Occasion, *, sign: int, now: datetime) -> None:
    currency = case.order.currency
    amount = sum((share.amount for share in shares), Decimal(0))
    tax = sum((portion(share.item.tax, share.amount, share.item.gross, currency) for share in shares), Decimal(0))
    sides = [
        Side(Entry.Account.RETURNS, sign * (amount - tax)),
        Side(Entry.Account.TAX, sign * tax),
        Side(Entry.Account.PAYABLE, -sign * amount, customer=case.customer),
    ]
    book(case, sides=sides, currency=currency, occasion=occasion, now=now)
