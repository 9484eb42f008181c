"""An order, or the units a case holds of it, in the terms of ``refunds.money``.

Units that a case holds of an order line are seen as a line of their own that is numbered from 1.

Shares are handed out to the earlier units first, so the held units, in their order, cost exactly what a
line with their totals would: ``refunds.money`` needs no unit numbers, however many units there are.
Pure: works on frozen totals and ranges.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from refunds.models import Item, Refund
from refunds.money import Given, Quote, Sale, SoldLine, Tender, Wish, pay_back, quote
from refunds.pricing.queries import charges_of, payments_of, settled_items
from returns.models import Case, Line
from returns.models.units import Units, count
from signoff.db.required import required
from signoff.models import Order, OrderLine, Payment, ShippingCharge
from signoff.money import Frozen, sum_of_units, to_coin


def as_sale(order: Order, lines: Mapping[str, tuple[OrderLine, Units]], charges: Mapping[str, ShippingCharge]) -> Sale:
    """What was sold, without payments: these units of lines and these charges, each by the name a quote gives it."""
    return Sale(
        currency=order.currency,
        tax_included=order.prices_include_tax,
        lines=tuple(
            SoldLine(name, cost_of_units(line, units, order), line.tax_rate) for name, (line, units) in lines.items()
        ),
        shipping=tuple(
            SoldLine(name, cost_of_shipping(charge, order), charge.tax_rate) for name, charge in charges.items()
        ),
    )


def shipping_given(order: Order, charges: Mapping[str, ShippingCharge]) -> list[Given]:
    """What went back of each charge before."""
    return [
        Given(to_coin(charge.refunded, order.currency), shipping=name)
        for name, charge in charges.items()
        if charge.refunded
    ]


def left_of(payments: Mapping[str, Payment], currency: str) -> list[Tender]:
    """What each payment can still give back, in the order in which they do."""
    return [Tender(name, to_coin(paid.captured - paid.refunded, currency)) for name, paid in payments.items()]


def cost_of_units(line: OrderLine, units: Units, order: Order) -> Frozen:
    """What ``units`` of ``line`` cost, as the totals of a line of their own."""
    share = partial(sum_of_units, quantity=line.quantity, units=units, currency=order.currency)
    return Frozen(
        quantity=count(units),
        currency=order.currency,
        list_total=share(line.list_total),
        discount=share(line.discount),
        tax=share(line.tax),
        tax_included=order.prices_include_tax,
    )


def cost_of_shipping(charge: ShippingCharge, order: Order) -> Frozen:
    """A shipping charge as the totals of a line of one unit; columns have three decimals whatever the currency."""
    list_total, discount, tax = (
        to_coin(amount, order.currency) for amount in (charge.amount, charge.discount, charge.tax)
    )
    return Frozen(1, order.currency, list_total, discount, tax, order.prices_include_tax)


def bought_numbers(spans: Units, held: Units) -> list[tuple[int, int]]:
    """The order line's numbers of units that are ``spans`` among those ``held``: 1 is the first one held."""
    found, passed = [], 1
    for first, end in sorted(held):
        for start, stop in spans:
            low, high = max(start, passed), min(stop, passed + end - first)
            if low < high:
                found.append((first + low - passed, first + high - passed))
        passed += end - first
    return found


NOTHING = Decimal(0)


@dataclass(frozen=True)
class ClaimedUnits:
    """Units of an order line that are asked for, and what went back for how many of them before, oldest first."""

    line: OrderLine
    units: Units
    given: Sequence[tuple[int, Decimal]] = ()


def claimed_units(case: Case, lines: Iterable[Line]) -> dict[int, ClaimedUnits]:
    """What the case holds of each order line by its ``lines``, by the id of the order line."""
    given: dict[int | None, list[tuple[int, Decimal]]] = {}
    for item in settled_items(case):
        given.setdefault(item.line_id, []).append((item.quantity, item.gross))
    return {line.order_line_id: ClaimedUnits(line.order_line, line.units, given.get(line.pk, ())) for line in lines}


def quote_stakes(
    order: Order, stakes: Sequence[ClaimedUnits], wish: Wish, *, charges: Sequence[ShippingCharge] | None = None
) -> Quote:
    """The quote for a wish about ``stakes`` and the shipping of ``order``. Raises ``QuoteRefused``.

    Lines and charges are called as ``names_of`` and ``names_of_charges`` say. A wish for nothing is a quote
    of nothing.
    """
    if not wish.lines and not wish.shipping:
        return Quote(order.currency, NOTHING, NOTHING, NOTHING, ())
    charges = charges_of(order) if charges is None else charges
    names = names_of(stakes)
    called = names_of_charges(charges)
    shipping = {called[charge.pk]: charge for charge in charges}
    sale = as_sale(order, {names[stake.line.pk]: (stake.line, stake.units) for stake in stakes}, shipping)
    given = [past for stake in stakes for past in _already_refunded(order, stake, names[stake.line.pk])]
    given += shipping_given(order, shipping)
    quoted = quote(sale, wish, given=given)
    return replace(quoted, payments=pay_back(quoted.total, what_is_left(payments_of(order), order.currency)))


def what_is_left(payments: Iterable[Payment], currency: str) -> list[Tender]:
    """What each payment, called by its key, can still give back, in the order in which they do."""
    return left_of({str(payment.pk): payment for payment in payments}, currency)


def names_of(stakes: Iterable[ClaimedUnits]) -> dict[int, str]:
    """How quotes and their sentences call each order line, by its id."""
    return _told_apart((stake.line.pk, stake.line.title or stake.line.sku) for stake in stakes)


def names_of_charges(charges: Iterable[ShippingCharge]) -> dict[int, str]:
    """How quotes and their sentences call each shipping charge, by its id."""
    return _told_apart((charge.pk, str(charge)) for charge in charges)


def _told_apart(titles: Iterable[tuple[int, str]]) -> dict[int, str]:
    names: dict[int, str] = {}
    for pk, title in titles:
        name, number = title, 1
        while name in names.values():
            number += 1
            name = f"{title} ({number})"
        names[pk] = name
    return names


def _already_refunded(order: Order, stake: ClaimedUnits, name: str) -> list[Given]:
    """What went back for the units before; where the whole line has less left than they, the difference too."""
    past = [Given(to_coin(amount, order.currency), line=name, quantity=quantity) for quantity, amount in stake.given]
    left_of_units = cost_of_units(stake.line, stake.units, order).gross - sum((one.amount for one in past), NOTHING)
    missing = to_coin(left_of_units - (stake.line.gross - stake.line.refunded), order.currency)
    return [*past, Given(missing, line=name)] if missing > 0 else past


@dataclass(frozen=True)
class QuotedOrder:
    """``sale`` without payments, ``left`` of which is what each payment can still give back."""

    sale: Sale
    given: Sequence[Given]
    left: Sequence[Tender]


def quote_from_order(order: Order) -> QuotedOrder:
    """Reads the rows of ``order``: three queries, and one for the past where there is any."""
    lines, charges = _by_place(order.lines.all()), _by_place(order.shipping.order_by("pk"))
    sale = as_sale(order, {place: (line, [(1, line.quantity + 1)]) for place, line in lines.items()}, charges)
    past = _settled_items(order) if any(line.refunded for line in lines.values()) else {}
    given = [
        one for place, line in lines.items() for one in _given(line, past.get(line.pk, ()), name=place, order=order)
    ]
    given += shipping_given(order, charges)
    left = left_of(_by_place(order.payments.all()), order.currency)
    return QuotedOrder(sale, given, left)


def _by_place[Row](rows: Iterable[Row]) -> dict[str, Row]:
    return {str(place): row for place, row in enumerate(rows, start=1)}


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
        found.setdefault(required(item.line).order_line_id, []).append(item)
    return found
