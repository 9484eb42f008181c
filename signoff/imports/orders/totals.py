"""What an order comes to by its own lines, for comparing with what the file says."""

from collections.abc import Iterable
from decimal import Decimal

from signoff.imports.orders.parsed import ZERO, SoldItem, SoldOrder
from signoff.money import to_coin


def listed(item: SoldItem, currency: str) -> Decimal:
    """The line before discounts, in whole coins."""
    return to_coin(item.quantity * item.unit_price if item.list_total is None else item.list_total, currency)


def goods(items: Iterable[SoldItem], currency: str) -> Decimal:
    """The lines less their own discounts."""
    return sum((listed(item, currency) - item.discount for item in items), ZERO)


def reckoned(order: SoldOrder) -> Decimal:
    """Lines − discounts + shipping, and the tax where prices exclude it."""
    due = goods(order.items, order.currency)
    due -= sum((one.amount for one in order.discounts if not one.in_items), ZERO)
    due += sum((one.amount - one.discount for one in order.shipping), ZERO)
    return due if order.prices_include_tax else due + taxes(order)


def taxes(order: SoldOrder) -> Decimal:
    """The order's tax as stated for all of it, or else line by line."""
    if order.tax is not None:
        return order.tax
    return sum((one.tax or ZERO for one in (*order.items, *order.shipping)), ZERO)
