"""Calculates what each line and shipping charge of an order cost: stated amounts are kept, the rest is derived.

A line's own discount stays with it; one of the order is shared over the lines it covers, and the part that exceeds
the goods reduces the shipping. Tax is as charged, line by line, or else calculated from a rate; tax of the whole order
is shared over the taxed lines. ``signoff.money`` does all the rounding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from signoff.imports.files.cells import MAX_AMOUNT, CellError
from signoff.imports.orders.parsed import ZERO, SoldDiscount, SoldItem, SoldOrder, SoldShipping
from signoff.money import (
    CannotFreeze,
    Frozen,
    added_tax,
    digits,
    included_tax,
    share_discount,
    split,
    to_coin,
    whole_coins,
)

HIGHEST_RATE = 9
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class OrderAmounts:
    """Amounts of the lines and of the shipping charges, in the order of the file."""

    lines: list[Frozen]
    shipping: list[Frozen]

    @property
    def total(self) -> Decimal:
        return sum((part.gross for part in (*self.lines, *self.shipping)), ZERO)


def calculate_amounts(order: SoldOrder) -> OrderAmounts:
    """Calculate all amounts of an order. Raises ``CannotFreeze`` where they cannot be true."""
    currency, goods = order.currency, len(order.items)
    values = [line_value(item, currency) for item in order.items]
    values += [to_coin(charge.amount, currency) for charge in order.shipping]
    discounts = _discount_shares(order, values)
    bases = [value - discount for value, discount in zip(values, discounts, strict=True)]
    taxes = _taxes(order, bases)
    if order.prices_include_tax:
        _check_included_taxes(taxes, bases)
    quantities = [item.quantity for item in order.items] + [1] * len(order.shipping)
    frozen = [
        Frozen(quantity, currency, value, discount, tax, order.prices_include_tax)
        for quantity, value, discount, tax in zip(quantities, values, discounts, taxes, strict=True)
    ]
    amounts = OrderAmounts(frozen[:goods], frozen[goods:])
    if amounts.total >= MAX_AMOUNT:
        raise CannotFreeze(_("The order amount is implausibly high. Check for a missing decimal separator."))
    _check_payments(order)
    return amounts


def _parts(order: SoldOrder) -> list[SoldItem | SoldShipping]:
    """Items first, then shipping charges: all lists of amounts in this module have this order."""
    return [*order.items, *order.shipping]


def _discount_shares(order: SoldOrder, values: Sequence[Decimal]) -> list[Decimal]:
    discounts = [ZERO] * len(values)
    for place, part in enumerate(_parts(order)):
        if part.discount:
            share_discount(to_coin(part.discount, order.currency), [place], values, discounts, order.currency)
    for discount in order.discounts:
        if discount.amount and not discount.in_items:
            _apply_order_discount(discount, order, values, discounts)
    return discounts


def _apply_order_discount(
    discount: SoldDiscount, order: SoldOrder, values: Sequence[Decimal], discounts: list[Decimal]
) -> None:
    """Share an order's discount over its goods, and any excess over the shipping unless the discount names lines."""
    amount = to_coin(discount.amount, order.currency)
    goods, everything = range(len(order.items)), range(len(values))
    covered = list(discount.items) or goods
    remaining = sum((values[n] - discounts[n] for n in covered), ZERO)
    if discount.items or amount <= remaining:
        share_discount(amount, covered, values, discounts, order.currency)
    elif amount > sum(values, ZERO) - sum(discounts, ZERO):
        share_discount(amount, everything, values, discounts, order.currency)  # raises, with both figures
    else:
        share_discount(remaining, goods, values, discounts, order.currency)
        share_discount(amount - remaining, everything[len(goods) :], values, discounts, order.currency)


def _taxes(order: SoldOrder, bases: Sequence[Decimal]) -> list[Decimal]:
    """Tax of each line and shipping charge; ``bases`` are their amounts after discounts."""
    parts = _parts(order)
    stated = [None if part.tax is None else to_coin(part.tax, order.currency) for part in parts]
    if order.tax is not None:
        return _share_order_tax(order, stated, bases)
    tax_of = included_tax if order.prices_include_tax else added_tax
    return [
        (tax_of(base, rate, order.currency) if (rate := storable_rate(part.tax_rate)) else ZERO) if tax is None else tax
        for part, tax, base in zip(parts, stated, bases, strict=True)
    ]


def _share_order_tax(order: SoldOrder, stated: Sequence[Decimal | None], bases: Sequence[Decimal]) -> list[Decimal]:
    """Share the order's tax: lines keep what they state, the others share the rest by amount (times their rate)."""
    order_tax, taxes = to_coin(order.tax or ZERO, order.currency), [tax or ZERO for tax in stated]
    remaining_tax = order_tax - sum(taxes, ZERO)
    taxed = [item.taxable for item in order.items] + [True] * len(order.shipping)
    silent = [n for n, tax in enumerate(stated) if tax is None and taxed[n]]
    if not remaining_tax or not taxes:
        return taxes
    if remaining_tax > 0 and silent:
        weights = _tax_weights(order, silent, bases)
        for n, share in zip(silent, split(remaining_tax, weights, order.currency), strict=True):
            taxes[n] += share
        return taxes
    return split(order_tax, taxes if any(taxes) else bases, order.currency)


def _tax_weights(order: SoldOrder, places: Sequence[int], bases: Sequence[Decimal]) -> list[Decimal]:
    parts = _parts(order)
    rates = [storable_rate(parts[n].tax_rate) for n in places]
    weights = [bases[n] * rate for n, rate in zip(places, rates, strict=True)]
    return weights if any(weights) else [bases[n] for n in places]


def storable_rate(rate: Decimal | None) -> Decimal:
    """The rate in the database's five decimals; 0 for a missing or impossible one."""
    return round(rate, 5) if rate and 0 < rate < HIGHEST_RATE else ZERO


def _check_included_taxes(taxes: Sequence[Decimal], bases: Sequence[Decimal]) -> None:
    for tax, base in zip(taxes, bases, strict=True):
        if tax > base:
            sentence = _("The tax of %(tax)s is more than the %(value)s that includes it.")
            raise CannotFreeze(sentence % {"tax": tax, "value": base})


def _check_payments(order: SoldOrder) -> None:
    for payment in order.payments:
        for amount in (payment.amount, payment.refunded):
            try:
                whole_coins(amount, order.currency)
            except ValueError:
                sentence = _(
                    "The payment of %(amount)s %(currency)s has more decimals than the currency allows. Correct it."
                )
                raise CannotFreeze(sentence % {"amount": amount, "currency": order.currency}) from None


def line_value(item: SoldItem, currency: str) -> Decimal:
    """The line before discounts, in whole coins (the currency's smallest unit)."""
    return to_coin(item.quantity * item.unit_price if item.list_total is None else item.list_total, currency)


def goods_total(items: Iterable[SoldItem], currency: str) -> Decimal:
    """The lines less their own discounts."""
    return sum((line_value(item, currency) - item.discount for item in items), ZERO)


def check_order(order: SoldOrder) -> SoldOrder:
    """The order itself. Raises ``CellError`` with our name of the column where no order can have such values."""
    values = [line_value(item, order.currency) for item in order.items]
    if sum(values, ZERO) >= MAX_AMOUNT:
        sentence = _("The order amount is implausibly high. Check for a missing decimal separator.")
        raise CellError("price", sentence, row=order.row)
    for item, value in zip(order.items, values, strict=True):
        if not digits(order.currency) and item.list_total is None and item.unit_price % HUNDREDTH:
            sentence = _("“%(text)s” has decimals, but %(currency)s has none.")
            raise CellError("price", sentence % {"text": item.unit_price, "currency": order.currency}, row=item.row)
        if item.discount > value:
            sentence = _("The discount of %(discount)s is more than the %(value)s it applies to.")
            raise CellError("discount", sentence % {"discount": item.discount, "value": value}, row=item.row)
    for parcel in order.parcels:
        if parcel.delivered_at and parcel.delivered_at < order.placed_at:
            sentence = _("The delivery can't be earlier than the order.")
            raise CellError("delivered", sentence, row=order.row)
    return order
