"""What the page of a bulk step shows: its rows, counts and totals."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from signoff.models import BulkItem, BulkRun
from signoff.web.formatting import money


@dataclass(frozen=True)
class Total:
    """The sum of one currency and the number of its rows."""

    amount: str
    rows: int


@dataclass(frozen=True)
class RunView:
    """A run with its rows; ``totals`` are those of the rows that are not left out, never added up over currencies."""

    run: BulkRun
    items: list[BulkItem]
    counts: Counter[str]
    totals: list[Total]

    @property
    def left(self) -> list[BulkItem]:
        return [item for item in self.items if item.outcome == BulkItem.Outcome.LEFT_OUT]

    @property
    def chosen(self) -> int:
        return len(self.items) - self.counts[BulkItem.Outcome.LEFT_OUT]

    @property
    def ended(self) -> int:
        return self.chosen - self.counts[BulkItem.Outcome.PENDING]


def view_of(run: BulkRun) -> RunView:
    """The rows of ``run`` in their order; one query."""
    items = list(run.items.order_by("position"))
    sums: dict[str, tuple[Decimal, int]] = {}
    for item in items:
        if item.amount is not None and item.outcome != BulkItem.Outcome.LEFT_OUT:
            amount, rows = sums.get(item.currency, (Decimal(0), 0))
            sums[item.currency] = amount + item.amount, rows + 1
    totals = [Total(money(amount, currency), rows) for currency, (amount, rows) in sorted(sums.items())]
    return RunView(run, items, Counter(item.outcome for item in items), totals)
