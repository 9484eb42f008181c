"""Cost breakdown of an order: rows that add up to what was paid."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from signoff.models import Order, OrderLine, ShippingCharge


def paid_rows(order: Order) -> list[dict[str, Any]]:
    """Rows ``{label, amount}`` of goods, charges, discounts, shipping and added tax, without zero rows."""
    lines, shipping = list(order.lines.all()), list(order.shipping.all())
    goods = _total(line.list_total for line in lines if line.kind == OrderLine.Kind.GOODS)
    charges = _total(line.list_total for line in lines if line.kind == OrderLine.Kind.CHARGE)
    taxed: list[OrderLine | ShippingCharge] = [*lines, *shipping]
    tax = Decimal(0) if order.prices_include_tax else _total(part.tax for part in taxed)
    rows = [
        (_("Goods"), goods),
        (_("Charges"), charges),
        (_("Discount"), -_total(line.discount for line in lines)),
        (_("Shipping"), _total(charge.amount - charge.discount for charge in shipping)),
        (_("Tax"), tax),
    ]
    return [{"label": label, "amount": amount} for label, amount in rows if amount]


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
