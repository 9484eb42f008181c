"""Rounding and splitting of amounts, and the cost of each unit of an order. The only module that rounds money.

A discount is split over the lines it covers by their value; a line's tax is computed once, on the discounted value,
half up. The cost of a unit follows from its line's totals: list price, discount and tax are each split over the units
by largest remainder, earlier units first, so that parts always add up to what was paid. Units have no rows: their
shares are computed in closed form.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

#: CLDR writes these without decimals, as their coins are gone; shops, banks and providers still count in hundredths
HUNDREDTHS = frozenset({"AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"})

type Span = tuple[int, int]
"""Units ``first`` ≤ n < ``end``, counted from 1."""


class CannotFreeze(ValueError):
    """The order's amounts contradict each other. The message says how."""


@lru_cache
def digits(currency: str) -> int:
    """Decimals of a currency (ISO 4217): EUR 2, JPY 0, KWD 3."""
    return 2 if currency in HUNDREDTHS else get_currency_precision(currency)


@lru_cache
def coin(currency: str) -> Decimal:
    """The smallest amount of a currency: EUR 0.01, JPY 1, KWD 0.001."""
    return Decimal(1).scaleb(-digits(currency))


def to_coin(amount: Decimal, currency: str) -> Decimal:
    """``amount`` rounded to the coin, half away from zero."""
    return amount.quantize(coin(currency), ROUND_HALF_UP)


def down_to_coin(amount: Decimal, currency: str) -> Decimal:
    """``amount`` ≥ 0 rounded down to the coin."""
    return amount.quantize(coin(currency), ROUND_DOWN)


def whole_coins(amount: Decimal, currency: str) -> int:
    """``amount`` as a number of coins. Raises ``ValueError`` if it is finer than a coin."""
    scaled = amount.scaleb(digits(currency))
    if (count := int(scaled)) != scaled:
        raise ValueError(f"{amount} {currency} is finer than the smallest coin")
    return count


def _from_coins(count: int, currency: str) -> Decimal:
    return Decimal(count).scaleb(-digits(currency))


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _decimals(weight: Decimal | int) -> int:
    """Decimal places of a finite ``weight``; negative if it ends in zeros."""
    exponent = Decimal(weight).as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def split(total: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """Split ``total`` by weight into parts that add up to it: largest remainder, earlier parts first on ties.

    A negative total is split like its opposite. Where all weights are zero the parts are equal.
    Raises ``ValueError`` for a negative weight, or for no weights at all.
    """
    coins = whole_coins(total, currency)
    scale = 10 ** max((_decimals(weight) for weight in weights), default=0)
    counts = [int(weight * scale) for weight in weights] if scale > 1 else [int(weight) for weight in weights]
    if not counts or min(counts) < 0:
        raise ValueError("a split needs weights, none of them negative")
    total_weight = sum(counts)
    if not total_weight:
        counts, total_weight = [1] * len(counts), len(counts)
    parts, remainders = zip(*(divmod(abs(coins) * count, total_weight) for count in counts), strict=True)
    shares = list(parts)
    by_remainder = sorted(range(len(shares)), key=lambda place: (-remainders[place], place))
    for place in by_remainder[: abs(coins) - sum(parts)]:
        shares[place] += 1
    sign = -1 if coins < 0 else 1
    return [_from_coins(sign * share, currency) for share in shares]


def sum_of_units(total: Decimal, quantity: int, units: Iterable[Span], *, currency: str) -> Decimal:
    """The share of some units (counted from 1) in ``total`` ≥ 0 of a line of ``quantity`` units.

    The run time depends on spans, not on units.
    """
    base, odd = divmod(whole_coins(total, currency), quantity)
    count = sum((end - first) * base + max(0, min(end - 1, odd) - first + 1) for first, end in units)
    return _from_coins(count, currency)


def portion(total: Decimal, part: Decimal, base: Decimal, currency: str) -> Decimal:
    """``total`` × ``part`` ÷ ``base``, half up; 0 ≤ part ≤ base, base > 0."""
    count = whole_coins(total, currency) * whole_coins(part, currency)
    return _from_coins(_half_up(count, whole_coins(base, currency)), currency)


def added_tax(net: Decimal, rate: Decimal, currency: str) -> Decimal:
    """Tax on a net amount ≥ 0."""
    return to_coin(net * rate, currency)


def included_tax(gross: Decimal, rate: Decimal, currency: str) -> Decimal:
    """Tax included in a gross amount ≥ 0: gross × rate ÷ (1 + rate)."""
    numerator, denominator = rate.as_integer_ratio()
    return _from_coins(_half_up(whole_coins(gross, currency) * numerator, numerator + denominator), currency)


@dataclass(frozen=True, slots=True)
class Share:
    """The cost of some units. ``net`` is gross less tax, never rounded by itself."""

    list_total: Decimal
    discount: Decimal
    tax: Decimal
    gross: Decimal

    @property
    def net(self) -> Decimal:
        return self.gross - self.tax


@dataclass(frozen=True, slots=True)
class Frozen:
    """Totals of a line (or of a shipping charge, as one unit), from which the share of every unit follows."""

    quantity: int
    currency: str
    list_total: Decimal
    discount: Decimal
    tax: Decimal
    tax_included: bool

    @property
    def gross(self) -> Decimal:
        return self._gross(self.list_total, self.discount, self.tax)

    @property
    def net(self) -> Decimal:
        return self.gross - self.tax

    def units(self, spans: Sequence[Span]) -> Share:
        """The cost of the units in ``spans``."""
        list_total, discount, tax = (
            sum_of_units(total, self.quantity, spans, currency=self.currency)
            for total in (self.list_total, self.discount, self.tax)
        )
        return Share(list_total, discount, tax, gross=self._gross(list_total, discount, tax))

    def unit(self, index: int) -> Share:
        """The cost of unit ``index`` (from 1)."""
        return self.units([(index, index + 1)])

    def alike(self) -> Iterator[tuple[Span, Share]]:
        """All units in at most four spans of equal cost, each with the cost of one unit."""
        totals = (self.list_total, self.discount, self.tax)
        odd = {1 + whole_coins(total, self.currency) % self.quantity for total in totals}
        edges = sorted({1, self.quantity + 1} | odd)
        for first, end in pairwise(edges):
            yield (first, end), self.unit(first)

    def _gross(self, list_total: Decimal, discount: Decimal, tax: Decimal) -> Decimal:
        return list_total - discount if self.tax_included else list_total - discount + tax


@dataclass(frozen=True, slots=True)
class Priced:
    """A line before its totals are frozen. Unit prices may be finer than a coin."""

    id: str
    quantity: int
    unit_price: Decimal
    tax_rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reduction:
    """A discount of the order; ``lines`` are the ids it covers, None means all."""

    amount: Decimal
    lines: frozenset[str] | None = None


def freeze(
    lines: Sequence[Priced], reductions: Sequence[Reduction] = (), *, currency: str, tax_included: bool
) -> list[Frozen]:
    """Compute the totals of each line, in the order of ``lines``. Raises ``CannotFreeze``."""
    values = [to_coin(line.quantity * line.unit_price, currency) for line in lines]
    discounts = [Decimal(0)] * len(lines)
    for reduction in reductions:
        covered = [n for n, line in enumerate(lines) if reduction.lines is None or line.id in reduction.lines]
        share_discount(reduction.amount, covered, values, discounts, currency)
    return [
        freeze_amount(
            value,
            discount,
            quantity=line.quantity,
            tax_rate=line.tax_rate,
            currency=currency,
            tax_included=tax_included,
        )
        for line, value, discount in zip(lines, values, discounts, strict=True)
    ]


def freeze_amount(
    value: Decimal, discount: Decimal, *, quantity: int, tax_rate: Decimal, currency: str, tax_included: bool
) -> Frozen:
    """Compute the totals of a line or shipping charge of ``value`` (whole coins). Raises ``CannotFreeze``."""
    if discount > value:
        raise CannotFreeze(
            _("The discount of %(discount)s is more than the %(value)s it applies to.")
            % {"discount": discount, "value": value}
        )
    tax = Decimal(0)
    if tax_rate:
        tax = (included_tax if tax_included else added_tax)(value - discount, tax_rate, currency)
    return Frozen(quantity, currency, value, discount, tax, tax_included)


def share_discount(
    amount: Decimal, covered: Sequence[int], values: Sequence[Decimal], discounts: list[Decimal], currency: str
) -> None:
    """Add each covered line's share of ``amount`` to ``discounts``. Raises ``CannotFreeze``.

    Split by value; by the remaining value of each line if a share would exceed it.
    """
    remaining = [values[n] - discounts[n] for n in covered]
    if amount > sum(remaining):
        raise CannotFreeze(
            _("The discount of %(discount)s is more than the %(value)s it applies to.")
            % {"discount": amount, "value": sum(remaining, Decimal(0))}
        )
    if not covered:
        return
    shares = split(amount, [values[n] for n in covered], currency)
    if any(share > available for share, available in zip(shares, remaining, strict=True)):
        shares = split(amount, remaining, currency)
    for n, share in zip(covered, shares, strict=True):
        discounts[n] += share
