"""Shares of a scorecard with confidence intervals, rule violations and penalties. Pure: no queries.

A share counts only parcels with data. On time: parcels with a promised day that have arrived or are overdue. Intact,
right and complete: parcels that are signed for (automatically or by the carrier too, because a shopper who finds a
fault later corrects the sign-off). Lost: parcels that have arrived, are lost or were returned.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from signoff.models import Discrepancy, Failing, ScoreRule, Subject
from signoff.money import to_coin

Kind = Discrepancy.Kind
#: failures shown by a sign-off's discrepancies; late and lost follow from days and the carrier's events
DISCREPANCIES: dict[str, tuple[str, ...]] = {
    Failing.DAMAGED: (Kind.DAMAGED,),
    Failing.WRONG: (Kind.WRONG_ITEM, Kind.NOT_AS_DESCRIBED),
    Failing.INCOMPLETE: (Kind.MISSING,),
}
#: a defective article is not a failure of those who only carry the parcel
MAKERS = (Subject.SELLER, Subject.SUPPLIER)
STARS = 5
#: days that a scorecard may be about → days of one point of its line
SPANS = {30: 5, 90: 15, 365: 30}
Z = 1.959963984540054  # 95 % of a normal distribution are within this many standard deviations


def kinds_of(failing: str, subject: str) -> tuple[str, ...]:
    """Kinds of discrepancies that count as ``failing`` for ``subject``."""
    broken = (Kind.DEFECTIVE,) if failing == Failing.DAMAGED and subject in MAKERS else ()
    return (*DISCREPANCIES.get(failing, ()), *broken)


def fold(name: str) -> str:
    """A key for all spellings of a name: without case, full-width forms and extra spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).lower().split())


@dataclass(frozen=True, slots=True)
class Share:
    """``good`` of ``total``, with its 95 % confidence interval (Wilson).

    The interval is wide for few parcels: 3 of 4 may be anything from 30 to 95 percent.
    """

    good: float
    total: int

    @property
    def value(self) -> float:
        return self.good / self.total if self.total else 0.0

    @property
    def low(self) -> float:
        return max(0.0, self._middle - self._reach)

    @property
    def high(self) -> float:
        return min(1.0, self._middle + self._reach) if self.total else 1.0

    @property
    def _middle(self) -> float:
        return (self.value + Z * Z / (2 * self.total)) / (1 + Z * Z / self.total) if self.total else 0.5

    @property
    def _reach(self) -> float:
        if not self.total:
            return 0.5
        spread = self.value * (1 - self.value) / self.total + Z * Z / (4 * self.total * self.total)
        return Z * sqrt(max(0.0, spread)) / (1 + Z * Z / self.total)


@dataclass(frozen=True)
class Tally:
    """Counts of parcels: with data per failure (``counted``), ``failed``; number of ratings and sum of ``stars``."""

    parcels: int = 0
    counted: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    rated: int = 0
    stars: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.parcels + other.parcels,
            _add_counts(self.counted, other.counted),
            _add_counts(self.failed, other.failed),
            self.rated + other.rated,
            self.stars + other.stars,
        )

    def good_share(self, failing: str) -> Share:
        """The share of parcels without this failure."""
        counted = self.counted.get(failing, 0)
        return Share(counted - self.failed.get(failing, 0), counted)

    @property
    def star_share(self) -> Share:
        """The stars above one, of those possible: their mean and interval are those of a share, 1 to 5 → 0 to 1.

        Opinions differ less than yes and no do, so the interval is never too narrow.
        """
        return Share((self.stars - self.rated) / (STARS - 1), self.rated)


@dataclass(frozen=True)
class Card:
    """The tally of one name: ``name`` in its most frequent spelling, all ``spellings`` as in the rows."""

    name: str
    tally: Tally
    spellings: tuple[str, ...] = ()


def cards(counted: Iterable[tuple[str, Tally]]) -> list[Card]:
    """Merge spellings of a name, most parcels first; rows without a name are skipped."""
    groups: dict[str, list[tuple[str, Tally]]] = {}
    for name, tally in counted:
        if key := fold(name):
            groups.setdefault(key, []).append((name, tally))
    merged = [_card(rows) for rows in groups.values()]
    return sorted(merged, key=lambda card: (-card.tally.parcels, card.name))


def is_broken(rule: ScoreRule, tally: Tally) -> bool:
    """Whether more than the rule's percentage of enough parcels failed; exactly the percentage is allowed."""
    counted, failed = tally.counted.get(rule.failing, 0), tally.failed.get(rule.failing, 0)
    return counted >= rule.at_least and failed * 100 > rule.above_percent * counted


def penalty(rule: ScoreRule, *, failed: int, value: Fraction, currency: str) -> Decimal:
    """The penalty by the rule's tariff, rounded to the coin; ``value`` is the value of goods in failed parcels."""
    if rule.tariff == ScoreRule.Tariff.PER_PARCEL:
        return to_coin(rule.penalty * failed, currency)
    if rule.tariff == ScoreRule.Tariff.PERCENT:
        amount = value * Fraction(rule.penalty) / 100
        return to_coin(Decimal(amount.numerator) / Decimal(amount.denominator), currency)
    return to_coin(rule.penalty, currency)


def _add_counts(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    return {name: first.get(name, 0) + second.get(name, 0) for name in {**first, **second}}


def _card(rows: list[tuple[str, Tally]]) -> Card:
    rows = sorted(rows, key=lambda row: (-row[1].parcels, row[0]))
    names = tuple(name for name, _tally in rows)
    return Card(" ".join(names[0].split()), sum((tally for _name, tally in rows), Tally()), names)
