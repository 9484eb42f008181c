"""How the refunds of a plan divide its items: the first refund pays the first items, the next the remaining ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from refunds.models import Item, Refund
from signoff.db.required import required


@dataclass(frozen=True)
class Share:
    """What one refund pays back for one item of the plan."""

    item: Item
    amount: Decimal


def items_in_order(items: Iterable[Item]) -> list[Item]:
    """Items of a plan with an amount, by primary key: the order in which payments are divided over them."""
    return sorted((item for item in items if item.gross > 0), key=lambda item: item.pk)


def order_of(item: Item) -> int:
    """Primary key of the order from whose payments the item is refunded."""
    return item.line.order_line.order_id if item.line else required(item.shipping).order_id


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
