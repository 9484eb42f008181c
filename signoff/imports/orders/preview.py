"""What an import would store, shown before anything is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from signoff.imports.files.rejected import RejectedRow
from signoff.imports.files.uploaded import Head
from signoff.imports.orders.parsed import ZERO, ParseResult, Reader, reject_order
from signoff.imports.orders.rows import PreparedOrder, prepare_order
from signoff.money import CannotFreeze

MAX_SHOWN = 20
MAX_READ = 2000


@dataclass
class Preview:
    """The first orders and problems; ``found`` and ``refused`` count all that was looked at."""

    orders: list[PreparedOrder] = field(default_factory=list)
    problems: list[RejectedRow] = field(default_factory=list)
    found: int = 0
    refused: int = 0
    is_cut: bool = False

    def add(self, one: ParseResult) -> None:
        try:
            ready = one if isinstance(one, RejectedRow) else prepare_order(one)
        except CannotFreeze as why:
            for row in reject_order(one, str(why)):
                self.add(row)
            return
        if isinstance(ready, RejectedRow):
            self.refused += 1
            self.problems += [ready] if len(self.problems) < MAX_SHOWN else []
        else:
            self.found += 1
            self.orders += [ready] if len(self.orders) < MAX_SHOWN else []


def read_preview(reader: Reader, head: Head) -> Preview:
    """Read as much as is shown and counted. Raises ``Unreadable``."""
    preview = Preview()
    found = reader.read()
    looked_at = list(islice(found, MAX_READ))
    preview.is_cut = next(found, None) is not None or head.is_cut
    for one in _drop_incomplete_order(looked_at, head.last):
        preview.add(one)
    return preview


def _drop_incomplete_order(found: list[ParseResult], last: int) -> Iterator[ParseResult]:
    """Without the order of which the next rows were not looked at."""
    for one in found:
        lines = [one.row.line] if isinstance(one, RejectedRow) else [item.row.line for item in one.items]
        if not last or max(lines, default=0) < last:
            yield one


def as_stored(one: PreparedOrder) -> dict[str, Any]:
    """One order of the preview, with the amounts that would be written."""
    order, charged = one.order, one.charged
    everything = [*charged.lines, *charged.shipping]
    return {
        "order": order,
        "customer": order.buyer.name or order.buyer.email or order.buyer.external_id,
        "units": sum(item.quantity for item in order.items),
        "goods": sum((line.list_total for line in charged.lines), ZERO),
        "discount": sum((part.discount for part in everything), ZERO),
        "tax": sum((part.tax for part in everything), ZERO),
        "shipping": sum((part.list_total for part in charged.shipping), ZERO),
        "total": one.total,
        "differs": order.total is not None and order.total != one.total,
    }
