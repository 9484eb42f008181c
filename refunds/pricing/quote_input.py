"""The input of ``refunds.money.quote``: from a case, from a stored order, or from a request of the API.

Units that a case claims of an order line are seen as a line of their own that is numbered from 1. Shares are handed
out to the earlier units first, so the claimed units, in their order, cost exactly what a line with their totals would:
``refunds.money`` needs no unit numbers, however many units there are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from refunds.models import Item, Refund
from refunds.money import (
    Code,
    EarlierRefund,
    OrderIn,
    Quote,
    QuoteRefused,
    Sale,
    SoldLine,
    Tender,
    Wish,
    pay_back,
    quote,
    sale_of,
)
from refunds.pricing.queries import payments_of, settled_items
from refunds.pricing.shares import shares_of
from returns.models import Case, Line
from returns.models.units import Units, count
from signoff.db.required import required
from signoff.models import Order, OrderLine, Payment, ShippingCharge
from signoff.money import Frozen, sum_of_units, to_coin

NOTHING = Decimal(0)


def as_sale(order: Order, lines: Mapping[str, tuple[OrderLine, Units]], charges: Mapping[str, ShippingCharge]) -> Sale:
    """The sale without payments: units of lines, and charges, by their names in the quote."""
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


def earlier_shipping_refunds(order: Order, charges: Mapping[str, ShippingCharge]) -> list[EarlierRefund]:
    """Earlier refunds of each charge."""
    return [
        EarlierRefund(to_coin(charge.refunded, order.currency), shipping=name)
        for name, charge in charges.items()
        if charge.refunded
    ]


def left_of(payments: Mapping[str, Payment], currency: str) -> list[Tender]:
    """The refundable rest of each payment, in their order."""
    return [Tender(name, to_coin(paid.refundable, currency)) for name, paid in payments.items()]


def cost_of_units(line: OrderLine, units: Units, order: Order) -> Frozen:
    """The cost of ``units`` of ``line``, as totals of a line of their own."""
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
    """A shipping charge as the totals of a line of one unit, rounded to the coin (columns have three decimals)."""
    list_total, discount, tax = (
        to_coin(amount, order.currency) for amount in (charge.amount, charge.discount, charge.tax)
    )
    return Frozen(1, order.currency, list_total, discount, tax, order.prices_include_tax)


def bought_numbers(spans: Units, claimed: Units) -> list[tuple[int, int]]:
    """Converts ``spans``, numbers within the claimed units (from 1), to unit numbers of the order line."""
    spans_of_line, passed = [], 1
    for first, end in sorted(claimed):
        for start, stop in spans:
            low, high = max(start, passed), min(stop, passed + end - first)
            if low < high:
                spans_of_line.append((first + low - passed, first + high - passed))
        passed += end - first
    return spans_of_line


@dataclass(frozen=True)
class QuoteInput:
    """Arguments of ``refunds.money.quote`` about an order, from a case, a stored order or a request; without the wish.

    ``left`` is the refundable rest of each payment; without it the refund is divided over the payments of ``sale``.
    """

    sale: Sale
    earlier: Sequence[EarlierRefund] = ()
    left: Sequence[Tender] | None = None

    def quote(self, wish: Wish, *, elsewhere: Sequence[EarlierRefund] = ()) -> Quote:
        """The quote for ``wish`` after the earlier refunds and those in ``elsewhere``. Raises ``QuoteRefused``."""
        quoted = quote(self.sale, wish, earlier=[*self.earlier, *elsewhere])
        if self.left is None:
            return quoted
        before = sum((refund.amount for refund in elsewhere), NOTHING)
        if quoted.total and not any(tender.amount for tender in self.left):
            raise QuoteRefused(
                Code.NOTHING_TO_REFUND, _("Nothing is left to refund: everything has gone back already.")
            )
        return replace(quoted, payments=pay_back(quoted.total, self.left, before=before))


@dataclass(frozen=True)
class ClaimedUnits:
    """Units of an order line that a case claims. ``earlier``: quantity and amount of its refunds, oldest first."""

    line: OrderLine
    units: Units
    earlier: Sequence[tuple[int, Decimal]] = ()


def claimed_units(case: Case, lines: Iterable[Line]) -> dict[int, ClaimedUnits]:
    """The units claimed by the ``lines`` of a case, by the primary key of the order line."""
    earlier: dict[int | None, list[tuple[int, Decimal]]] = {}
    for item in settled_items(case):
        amount = _refunded_of(item) if getattr(item, "unpaid", False) else item.gross
        if amount:
            earlier.setdefault(item.line_id, []).append((item.quantity, amount))
    return {line.order_line_id: ClaimedUnits(line.order_line, line.units, earlier.get(line.pk, ())) for line in lines}


def _refunded_of(item: Item) -> Decimal:
    """What the plan's refunds that have not failed give back for ``item``."""
    refunds = item.resolution.refunds.exclude(status=Refund.Status.FAILED)
    shares = (share for refund in refunds for share in shares_of(refund) if share.item.pk == item.pk)
    return sum((share.amount for share in shares), NOTHING)


def from_case(order: Order, claims: Sequence[ClaimedUnits], charges: Sequence[ShippingCharge]) -> QuoteInput:
    """The units of ``order`` that a case claims, each line as if it had no others, and its shipping charges.

    Lines and charges are called as ``line_names`` and ``charge_names`` say, payments by their primary keys.
    """
    names, called = line_names(claims), charge_names(charges)
    shipping = {called[charge.pk]: charge for charge in charges}
    sale = as_sale(order, {names[claim.line.pk]: (claim.line, claim.units) for claim in claims}, shipping)
    earlier = [refund for claim in claims for refund in _already_refunded(order, claim, names[claim.line.pk])]
    earlier += earlier_shipping_refunds(order, shipping)
    return QuoteInput(sale, earlier, left_by_key(payments_of(order), order.currency))


def from_order(order: Order) -> QuoteInput:
    """All of a stored order; lines, charges and payments are called by their place: "1", "2", …

    Three queries, and one for earlier refunds where there are any.
    """
    lines, charges = _by_place(order.lines.all()), _by_place(order.shipping.order_by("pk"))
    sale = as_sale(order, {place: (line, [(1, line.quantity + 1)]) for place, line in lines.items()}, charges)
    settled = _settled_items(order) if any(line.refunded for line in lines.values()) else {}
    earlier = [
        refund
        for place, line in lines.items()
        for refund in _earlier_refunds(line, settled.get(line.pk, ()), name=place, order=order)
    ]
    earlier += earlier_shipping_refunds(order, charges)
    left = left_of(_by_place(order.payments.all()), order.currency)
    return QuoteInput(sale, earlier, left or None)  # an order without payments is quoted without them


def from_request(order: OrderIn) -> QuoteInput:
    """An order inside a request of the API; what was refunded of it before is ``elsewhere`` of the request.

    Raises ``QuoteRefused`` where the order contradicts itself.
    """
    return QuoteInput(sale_of(order))


def left_by_key(payments: Iterable[Payment], currency: str) -> list[Tender]:
    """``left_of`` payments that are called by their primary keys."""
    return left_of({str(payment.pk): payment for payment in payments}, currency)


def line_names(claims: Iterable[ClaimedUnits]) -> dict[int, str]:
    """Names of order lines in quotes and their sentences, by primary key."""
    return _distinct((claim.line.pk, claim.line.title or claim.line.sku) for claim in claims)


def charge_names(charges: Iterable[ShippingCharge]) -> dict[int, str]:
    """Names of shipping charges in quotes and their sentences, by primary key."""
    return _distinct((charge.pk, str(charge)) for charge in charges)


def _distinct(titles: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Titles by key; the second of two equal ones gets a number."""
    names: dict[int, str] = {}
    for pk, title in titles:
        name, number = title, 1
        while name in names.values():
            number += 1
            name = f"{title} ({number})"
        names[pk] = name
    return names


def _already_refunded(order: Order, claim: ClaimedUnits, name: str) -> list[EarlierRefund]:
    """Earlier refunds of the units, and the difference if the whole line has less left than the units."""
    earlier = [
        EarlierRefund(to_coin(amount, order.currency), line=name, quantity=quantity)
        for quantity, amount in claim.earlier
    ]
    left_of_units = cost_of_units(claim.line, claim.units, order).gross - sum(
        (refund.amount for refund in earlier), NOTHING
    )
    # other cases may have taken money from the same line: the claim cannot get more than the line has left
    missing = to_coin(left_of_units - (claim.line.gross - claim.line.refunded), order.currency)
    return [*earlier, EarlierRefund(missing, line=name)] if missing > 0 else earlier


def _by_place[Row](rows: Iterable[Row]) -> dict[str, Row]:
    return {str(place): row for place, row in enumerate(rows, start=1)}


def _earlier_refunds(line: OrderLine, items: Iterable[Item], *, name: str, order: Order) -> Iterator[EarlierRefund]:
    """Refunds of units, and any rest of the line's counter as a refund without units."""
    remaining = line.refunded
    for item in items:
        amount = min(item.gross, remaining)
        remaining -= amount
        units = tuple(item.units) if item.units else None
        yield EarlierRefund(to_coin(amount, order.currency), line=name, units=units, quantity=item.quantity)
    if remaining:
        yield EarlierRefund(to_coin(remaining, order.currency), line=name)


def _settled_items(order: Order) -> dict[int, list[Item]]:
    """Items whose money was reserved or paid, oldest first, by their order line.

    A plan with a failed refund is left out, because only part of its money was refunded; the line's counter has it.
    """
    failed = Refund.objects.filter(status=Refund.Status.FAILED).values("resolution")
    paying = Refund.objects.exclude(resolution__in=failed).values("resolution")
    items = Item.objects.filter(line__order_line__order=order, gross__gt=0, resolution__in=paying)
    by_line: dict[int, list[Item]] = {}
    for item in items.select_related("line").order_by("resolution_id", "pk"):
        by_line.setdefault(required(item.line).order_line_id, []).append(item)
    return by_line
