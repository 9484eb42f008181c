"""Caps: refunded money is counted against what was paid, by conditional updates that must change one row.

All of it happens on a case that is locked with its books (``refunds.ledger.locks``).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Model
from django.utils.translation import gettext as _

from refunds.ledger.queries import add_paid, add_refunded, payments_of_orders, subtract_refunded
from refunds.models import Item, Refund
from signoff.db.required import required
from signoff.models import OrderLine, Payment, ShippingCharge


class ExceedsRefundable(Exception):
    """The refund exceeds the rest of a payment, a line or a shipping charge; a sentence for the desk."""


type Part = tuple[Payment, Decimal]


@dataclass(frozen=True)
class Share:
    """What one refund pays back for one item of the plan."""

    item: Item
    amount: Decimal


def payments_of(items: Iterable[Item]) -> list[Payment]:
    """The payments from which ``items`` are refunded, locked, in the order in which they are paid back."""
    return payments_of_orders(sorted({order_of(item) for item in items}))


def items_in_order(items: Iterable[Item]) -> list[Item]:
    """Items of a plan with an amount, by primary key: the order in which payments are divided over them."""
    return sorted((item for item in items if item.gross > 0), key=lambda item: item.pk)


def order_of(item: Item) -> int:
    """Primary key of the order from whose payments the item is refunded."""
    return item.line.order_line.order_id if item.line else required(item.shipping).order_id


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


def shares_of(refund: Refund) -> list[Share]:
    """The shares of the items in ``refund``, derived from the amounts of the plan's refunds and items."""
    siblings = refund.resolution.refunds.select_related("payment").filter(payment__order=refund.payment.order_id)
    refunds = sorted(siblings, key=lambda refund: (refund.payment.position, refund.pk))
    planned = refund.resolution.items.select_related("line__order_line", "shipping")
    items = [item for item in items_in_order(planned) if order_of(item) == refund.payment.order_id]
    return list(dict(fill(refunds, items))[refund.pk])


def fill(refunds: Iterable[Refund], items: Sequence[Item]) -> Iterator[tuple[int, list[Share]]]:
    """Key and shares of each refund: the first refund pays the first items, the next the remaining ones."""
    unpaid = {item.pk: item.gross for item in items}
    for refund in refunds:
        remaining, shares = refund.amount, []
        for item in items:
            if part := min(remaining, unpaid[item.pk]):
                shares.append(Share(item, part))
                unpaid[item.pk] -= part
                remaining -= part
        yield refund.pk, shares


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
