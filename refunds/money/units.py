"""The refundable rest of each unit of a line; adjacent equal units are stored as one run.

Lines of 80,000 units occur; a line has at most four runs more than it had refunds. Runs are sorted by their units and
found by bisection, so that thousands of refunds stay fast.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from signoff.money import Frozen, Share, Span, portion


@dataclass(frozen=True, slots=True)
class Run:
    """Units ``first`` ≤ n < ``end``, each of which cost ``share`` and gave ``refunded`` back so far.

    ``touched``: some refund was about these units. ``used``: they were given back as units.
    """

    first: int
    end: int
    share: Share
    currency: str
    refunded: Decimal = Decimal(0)
    touched: bool = False
    used: bool = False

    @property
    def count(self) -> int:
        return self.end - self.first

    @property
    def left(self) -> Decimal:
        return self.share.gross - self.refunded

    @property
    def is_open(self) -> bool:
        return self.left > 0 or not self.touched

    @property
    def tax_refunded(self) -> Decimal:
        """The tax inside ``refunded``: it adds up to the unit's tax, whatever the steps of the refunds."""
        if not self.touched:
            return Decimal(0)
        if self.left == 0:
            return self.share.tax
        return portion(self.share.tax, self.refunded, self.share.gross, self.currency)

    def cut(self, at: int) -> list["Run"]:
        """The run split before unit ``at``; unchanged if ``at`` is at its edge or outside."""
        if not self.first < at < self.end:
            return [self]
        return [replace(self, end=at), replace(self, first=at)]


first_of = attrgetter("first")


@dataclass(frozen=True, slots=True)
class RefundedUnits:
    """The units and amounts of one refund of a line; ``before`` was refunded earlier for the same units."""

    spans: tuple[Span, ...]
    gross: Decimal
    tax: Decimal
    before: Decimal


class Units:
    """The units of one line while a quote is made."""

    def __init__(self, cost: Frozen) -> None:
        self.runs = [Run(first, end, share, cost.currency) for (first, end), share in cost.alike()]

    @property
    def left(self) -> Decimal:
        return sum((run.count * run.left for run in self.runs), Decimal(0))

    def next_open(self, quantity: int) -> list[Span]:
        """The first ``quantity`` units with something left, unused ones before used ones; maybe fewer."""
        spans: list[Span] = []
        for used in (False, True):
            for run in self.runs:
                if quantity <= 0:
                    return sorted(spans)
                if run.used is used and run.is_open:
                    spans.append((run.first, run.first + min(run.count, quantity)))
                    quantity -= run.count
        return sorted(spans)

    def open_among(self, spans: Iterable[Span]) -> list[Span]:
        """Units of ``spans`` with something left, in the order of ``spans``."""
        spans = list(spans)
        self._cut_at(spans)
        return [(run.first, run.end) for span in spans for run in self._within(span) if run.is_open]

    def left_in(self, spans: Iterable[Span]) -> Decimal:
        self._cut_at(spans)
        return sum((run.count * run.left for span in spans for run in self._within(span)), Decimal(0))

    def take(self, spans: list[Span], amount: Decimal, *, used: bool) -> RefundedUnits:
        """Refund ``amount`` (at most what is left) for the units in ``spans``, one after the other."""
        remaining, tax, before = amount, Decimal(0), Decimal(0)
        self._cut_at(spans)
        for span in spans:
            for run in list(self._within(span)):
                before += run.count * run.refunded
                for piece, per_unit in _fill(run, remaining):
                    after = replace(
                        piece,
                        refunded=piece.refunded + per_unit,
                        touched=piece.touched or used or per_unit > 0,
                        used=piece.used or used,
                    )
                    tax += piece.count * (after.tax_refunded - piece.tax_refunded)
                    remaining -= piece.count * per_unit
                    self._put(after)
        return RefundedUnits(tuple(spans), amount - remaining, tax, before)

    def _within(self, span: Span) -> Iterator[Run]:
        place = bisect_left(self.runs, span[0], key=first_of)
        while place < len(self.runs) and self.runs[place].end <= span[1]:
            yield self.runs[place]
            place += 1

    def _cut_at(self, spans: Iterable[Span]) -> None:
        for edge in {edge for span in spans for edge in span}:
            self._cut(edge)

    def _cut(self, at: int) -> None:
        place = bisect_right(self.runs, at, key=first_of) - 1
        if place >= 0:
            self.runs[place : place + 1] = self.runs[place].cut(at)

    def _put(self, new: Run) -> None:
        """Replace the units of ``new``, which lie within one run."""
        self._cut(new.first)
        self._cut(new.end)
        self.runs[bisect_left(self.runs, new.first, key=first_of)] = new


def _fill(run: Run, amount: Decimal) -> list[tuple[Run, Decimal]]:
    """The run in pieces with the amount per unit: units that are filled up, one that is filled in part, the others."""
    full = run.count if run.left == 0 else min(run.count, int(amount // run.left))
    partly = amount - full * run.left
    pieces: list[tuple[Run, Decimal]] = []
    middle = run.first + full
    if full:
        pieces.append((replace(run, end=middle), run.left))
    if middle < run.end and partly > 0:
        pieces.append((replace(run, first=middle, end=middle + 1), partly))
        middle += 1
    if middle < run.end:
        pieces.append((replace(run, first=middle), Decimal(0)))
    return pieces
