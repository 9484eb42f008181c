"""What an import would store, shown before anything is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from signoff.imports.files.rejected import RejectedRow
from signoff.imports.files.uploaded import Head
from signoff.imports.orders.parsed import ParseResult, Reader, reject_order
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
