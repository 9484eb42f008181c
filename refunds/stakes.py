"""What is asked for of an order, in the terms of ``refunds.money``: units with their cost and their past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from refunds.held import cost_of_shipping, cost_of_units
from refunds.models import Item, Resolution
from refunds.money import Given, Quote, Sale, SoldLine, Tender, Wish, pay_back, quote
from returns.models import Case, Line
from returns.models.units import Units
from signoff.models import Order, OrderLine, Payment, ShippingCharge
from signoff.prepared import Prepared
from signoff.shares import to_coin
from signoff.together import is_laid_out

NOTHING = Decimal(0)

_LINES = Prepared(lambda case: Line.objects.select_related("order_line__order").filter(case_id=case))
_SETTLED_ITEMS = Prepared(
    lambda case: Item.objects.filter(
        resolution__in=Resolution.objects.filter(case_id=case, refunds__isnull=False).order_by().values("pk"),
        line__isnull=False,
        gross__gt=0,
    ).order_by("resolution_id", "pk")
)
_CHARGES = Prepared(lambda order: ShippingCharge.objects.filter(order_id=order))
_PAYMENTS = Prepared(lambda order: Payment.objects.filter(order_id=order))


@dataclass(frozen=True)
class Stake:
    """Units of an order line that are asked for, and what went back for how many of them before, oldest first."""

    line: OrderLine
    units: Units
    given: Sequence[tuple[int, Decimal]] = ()


def lines_of(case: Case) -> list[Line]:
    """The lines of ``case`` as they are now, with their articles and orders."""
    return _LINES.all(case.pk, case=case)


def charges_of(order: Order) -> list[ShippingCharge]:
    """What the delivery of ``order`` cost."""
    return list(order.shipping.all()) if is_laid_out(order, "shipping") else _CHARGES.all(order.pk, order=order)


def payments_for(order: Order) -> list[Payment]:
    """The payments of ``order``, first first."""
    return list(order.payments.all()) if is_laid_out(order, "payments") else _PAYMENTS.all(order.pk, order=order)


def stakes_of(case: Case, lines: Iterable[Line]) -> dict[int, Stake]:
    """What the case holds of each order line by its ``lines``, by the id of the order line."""
    given: dict[int | None, list[tuple[int, Decimal]]] = {}
    for item in settled_items(case):
        given.setdefault(item.line_id, []).append((item.quantity, item.gross))
    return {line.order_line_id: Stake(line.order_line, line.units, given.get(line.pk, ())) for line in lines}


def settled_items(case: Case) -> Iterable[Item]:
    """Items of earlier plans of the case whose money was reserved or paid, oldest first."""
    return _SETTLED_ITEMS.all(case.pk)


def quote_stakes(
    order: Order, stakes: Sequence[Stake], wish: Wish, *, charges: Sequence[ShippingCharge] | None = None
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
    sale = Sale(
        currency=order.currency,
        tax_included=order.prices_include_tax,
        lines=tuple(
            SoldLine(names[stake.line.pk], cost_of_units(stake.line, stake.units, order), stake.line.tax_rate)
            for stake in stakes
        ),
        shipping=tuple(
            SoldLine(called[charge.pk], cost_of_shipping(charge, order), charge.tax_rate) for charge in charges
        ),
    )
    given = [past for stake in stakes for past in _given(order, stake, names[stake.line.pk])]
    given += [
        Given(to_coin(charge.refunded, order.currency), shipping=called[charge.pk])
        for charge in charges
        if charge.refunded
    ]
    quoted = quote(sale, wish, given=given)
    return replace(quoted, payments=pay_back(quoted.total, what_is_left(payments_for(order), order.currency)))


def what_is_left(payments: Iterable[Payment], currency: str) -> list[Tender]:
    """What each payment can still give back, in the order in which they do."""
    return [Tender(str(payment.pk), to_coin(payment.captured - payment.refunded, currency)) for payment in payments]


def names_of(stakes: Iterable[Stake]) -> dict[int, str]:
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


def _given(order: Order, stake: Stake, name: str) -> list[Given]:
    """What went back for the units before; where the whole line has less left than they, the difference too."""
    past = [Given(to_coin(amount, order.currency), line=name, quantity=quantity) for quantity, amount in stake.given]
    left_of_units = cost_of_units(stake.line, stake.units, order).gross - sum((one.amount for one in past), NOTHING)
    missing = to_coin(left_of_units - (stake.line.gross - stake.line.refunded), order.currency)
    return [*past, Given(missing, line=name)] if missing > 0 else past
