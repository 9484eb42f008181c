"""Shares of a scorecard with confidence intervals, rule violations and penalties. Pure: no queries.

A share is of those parcels only of which it is known: on time of parcels with a promise that have arrived or are
overdue; intact, right and complete of parcels that somebody signed for (time's expiry and the carrier's proof count,
for whoever finds something wrong later corrects them); lost of parcels whose fate is known.
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
#: what a sign-off's discrepancies say of a parcel; lateness and loss are told by days and by the carrier
FOUND: dict[str, tuple[str, ...]] = {
    Failing.DAMAGED: (Kind.DAMAGED,),
    Failing.WRONG: (Kind.WRONG_ITEM, Kind.NOT_AS_DESCRIBED),
    Failing.INCOMPLETE: (Kind.MISSING,),
}
#: a parcel that arrives with a thing that does not work is no fault of those who only carry it
MAKERS = (Subject.SELLER, Subject.SUPPLIER)
STARS = 5
Z = 1.959963984540054  # 95 percent of a normal distribution lie within so many deviations


def kinds_of(failing: str, subject: str) -> tuple[str, ...]:
    """Kinds of discrepancies that count as ``failing`` for ``subject``."""
    broken = (Kind.DEFECTIVE,) if failing == Failing.DAMAGED and subject in MAKERS else ()
    return (*FOUND.get(failing, ()), *broken)


def fold(name: str) -> str:
    """A key for all spellings of a name: without case, full-width forms and extra spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).lower().split())


@dataclass(frozen=True, slots=True)
class Share:
    """``good`` of ``of``, with its 95 % confidence interval (Wilson).

    The interval is wide for few parcels: 3 of 4 may be anything from 30 to 95 percent.
    """

    good: float
    of: int

    @property
    def value(self) -> float:
        return self.good / self.of if self.of else 0.0

    @property
    def low(self) -> float:
        return max(0.0, self._middle - self._reach)

    @property
    def high(self) -> float:
        return min(1.0, self._middle + self._reach) if self.of else 1.0

    @property
    def _middle(self) -> float:
        return (self.value + Z * Z / (2 * self.of)) / (1 + Z * Z / self.of) if self.of else 0.5

    @property
    def _reach(self) -> float:
        if not self.of:
            return 0.5
        spread = self.value * (1 - self.value) / self.of + Z * Z / (4 * self.of * self.of)
        return Z * sqrt(max(0.0, spread)) / (1 + Z * Z / self.of)


@dataclass(frozen=True)
class Tally:
    """Counts of parcels: with data per failure (``of``), ``failed``; number of ratings and sum of ``stars``."""

    parcels: int = 0
    of: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    rated: int = 0
    stars: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.parcels + other.parcels,
            _added(self.of, other.of),
            _added(self.failed, other.failed),
            self.rated + other.rated,
            self.stars + other.stars,
        )

    def kept(self, failing: str) -> Share:
        """The share of parcels without this failure."""
        of = self.of.get(failing, 0)
        return Share(of - self.failed.get(failing, 0), of)

    @property
    def contentment(self) -> Share:
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
    made = [_card(rows) for rows in groups.values()]
    return sorted(made, key=lambda card: (-card.tally.parcels, card.name))


def is_broken(rule: ScoreRule, tally: Tally) -> bool:
    """Whether more than the rule's percentage of enough parcels failed; exactly the percentage is allowed."""
    of, failed = tally.of.get(rule.failing, 0), tally.failed.get(rule.failing, 0)
    return of >= rule.at_least and failed * 100 > rule.above_percent * of


def penalty(rule: ScoreRule, *, failed: int, value: Fraction, currency: str) -> Decimal:
    """The penalty by the rule's tariff, rounded to the coin; ``value`` is the value of goods in failed parcels."""
    if rule.tariff == ScoreRule.Tariff.PER_PARCEL:
        return to_coin(rule.penalty * failed, currency)
    if rule.tariff == ScoreRule.Tariff.PERCENT:
        owed = value * Fraction(rule.penalty) / 100
        return to_coin(Decimal(owed.numerator) / Decimal(owed.denominator), currency)
    return to_coin(rule.penalty, currency)


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def _card(rows: list[tuple[str, Tally]]) -> Card:
    rows = sorted(rows, key=lambda row: (-row[1].parcels, row[0]))
    names = tuple(name for name, _tally in rows)
    return Card(" ".join(names[0].split()), sum((tally for _name, tally in rows), Tally()), names)
