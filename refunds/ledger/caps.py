"""Caps: refunded money is counted against what was paid, by conditional updates that must change one row.

All of it happens on a case that is locked with its books (``refunds.ledger.locks``).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from django.db.models import Model
from django.utils.translation import gettext as _

from refunds.ledger.queries import add_paid, add_refunded, payments_of_orders, subtract_refunded
from refunds.models import Item, Refund
from refunds.pricing.shares import Share, order_of
from signoff.db.required import required
from signoff.models import OrderLine, Payment, ShippingCharge


class ExceedsRefundable(Exception):
    """The refund exceeds the rest of a payment, a line or a shipping charge; a sentence for the desk."""


type Part = tuple[Payment, Decimal]


def payments_of(items: Iterable[Item]) -> list[Payment]:
    """The payments from which ``items`` are refunded, locked, in the order in which they are paid back."""
    return payments_of_orders(sorted({order_of(item) for item in items}))


def spread(items: Sequence[Item], payments: Sequence[Payment]) -> Iterator[tuple[list[Item], list[Part]]]:
    """For each order its items, and the amounts that its payments give back for them, in the payments' order.

    Raises ``ExceedsRefundable``.
    """
    for order in sorted({order_of(item) for item in items}):
        own = [item for item in items if order_of(item) == order]
        remaining, parts = sum((item.gross for item in own), Decimal(0)), []
        for payment in (payment for payment in payments if payment.order_id == order):
            if (part := min(remaining, payment.refundable)) > 0:
                parts.append((payment, part))
                remaining -= part
        if remaining:
            raise ExceedsRefundable(_too_much())
        yield own, parts


def reserve(refund: Refund, shares: Sequence[Share]) -> None:
    """Count a refund against its payment and its lines. Raises ``ExceedsRefundable``; the caller rolls back then."""
    _count(add_refunded, Payment, refund.payment_id, refund.amount)
    for row, amount in _by_row(shares):
        _count(add_refunded, type(row), row.pk, amount)


def reserve_paid(refund: Refund, shares: Sequence[Share]) -> None:
    """``reserve`` for a refund that has been paid already. Raises ``ExceedsRefundable``."""
    if not add_paid(refund.payment_id, refund.amount):
        raise ExceedsRefundable(_too_much())
    for row, amount in _by_row(shares):
        _count(add_refunded, type(row), row.pk, amount)


def release(refund: Refund, shares: Sequence[Share]) -> None:
    """Subtract the amounts of a definitely failed refund from its payment and lines."""
    _count(subtract_refunded, Payment, refund.payment_id, refund.amount)
    for row, amount in _by_row(shares):
        _count(subtract_refunded, type(row), row.pk, amount)


def _by_row(shares: Sequence[Share]) -> Iterator[tuple[OrderLine | ShippingCharge, Decimal]]:
    """Order lines first, then shipping charges, each by key: the order in which they are locked."""
    for share in sorted(shares, key=lambda part: (part.item.line is None, _row(part.item).pk)):
        yield _row(share.item), share.amount


def _row(item: Item) -> OrderLine | ShippingCharge:
    return item.line.order_line if item.line else required(item.shipping)


def _count(update: Callable[[type[Model], int, Decimal], bool], model: type[Model], key: int, amount: Decimal) -> None:
    if not update(model, key, amount):
        raise ExceedsRefundable(_too_much())


def _too_much() -> str:
    return _(
        "The plan refunds more than is left to refund, because part was paid back earlier. Send it back to "
        "review and lower the amount."
    )
