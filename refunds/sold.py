"""A stored order in the terms of ``refunds.money``: what was sold, and what Homeward gave back of it so far.

Lines, shipping charges and payments are called by their place in the order: "1", "2", …
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from refunds.held import cost_of_shipping, cost_of_units
from refunds.models import Item, Refund
from refunds.money import Given, Sale, SoldLine, Tender
from signoff.models import Order, OrderLine
from signoff.shares import to_coin


@dataclass(frozen=True)
class Sold:
    """``sale`` without payments, ``left`` of which is what each payment can still give back."""

    sale: Sale
    given: Sequence[Given]
    left: Sequence[Tender]


def sold(order: Order) -> Sold:
    """Reads the rows of ``order``: three queries, and one for the past where there is any."""
    lines, charges = list(order.lines.all()), order.shipping.order_by("pk")
    sale = Sale(
        currency=order.currency,
        tax_included=order.prices_include_tax,
        lines=tuple(
            SoldLine(str(place), cost_of_units(line, [(1, line.quantity + 1)], order), line.tax_rate)
            for place, line in enumerate(lines, start=1)
        ),
        shipping=tuple(
            SoldLine(str(place), cost_of_shipping(charge, order), charge.tax_rate)
            for place, charge in enumerate(charges, start=1)
        ),
    )
    past = _settled_items(order) if any(line.refunded for line in lines) else {}
    given = [
        one
        for place, line in enumerate(lines, start=1)
        for one in _given(line, past.get(line.pk, ()), name=str(place), order=order)
    ]
    given += [
        Given(to_coin(charge.refunded, order.currency), shipping=str(place))
        for place, charge in enumerate(charges, start=1)
        if charge.refunded
    ]
    left = [
        Tender(str(place), to_coin(payment.captured - payment.refunded, order.currency))
        for place, payment in enumerate(order.payments.all(), start=1)
    ]
    return Sold(sale, given, left)


def _given(line: OrderLine, items: Iterable[Item], *, name: str, order: Order) -> Iterator[Given]:
    """The units that went back with their money; what the line's counter says beyond them, as money of no unit."""
    rest = line.refunded
    for item in items:
        amount = min(item.gross, rest)
        rest -= amount
        units = tuple(item.units) if item.units else None
        yield Given(to_coin(amount, order.currency), line=name, units=units, quantity=item.quantity)
    if rest:
        yield Given(to_coin(rest, order.currency), line=name)


def _settled_items(order: Order) -> dict[int, list[Item]]:
    """Items whose money was reserved or paid, oldest first, by their order line.

    A plan of which a refund failed is left to the line's counter: only part of its money went back.
    """
    failed = Refund.objects.filter(status=Refund.Status.FAILED).values("resolution")
    paying = Refund.objects.exclude(resolution__in=failed).values("resolution")
    items = Item.objects.filter(line__order_line__order=order, gross__gt=0, resolution__in=paying)
    found: dict[int, list[Item]] = {}
    for item in items.select_related("line").order_by("resolution_id", "pk"):
        found.setdefault(item.line.order_line_id, []).append(item)
    return found
