"""What an import would store, shown before anything is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from signoff.imports.files.rejected import RefusedRow
from signoff.imports.files.uploaded import Head
from signoff.imports.orders.parsed import Found, Reader, refusals
from signoff.imports.orders.rows import Told, told
from signoff.money import CannotFreeze

SHOWN = 20
MOST_FOUND = 2000


@dataclass
class Preview:
    """The first orders and problems; ``found`` and ``refused`` count all that was looked at."""

    orders: list[Told] = field(default_factory=list)
    problems: list[RefusedRow] = field(default_factory=list)
    found: int = 0
    refused: int = 0
    is_cut: bool = False

    def add(self, one: Found) -> None:
        try:
            ready = one if isinstance(one, RefusedRow) else told(one)
        except CannotFreeze as why:
            for row in refusals(one, str(why)):
                self.add(row)
            return
        if isinstance(ready, RefusedRow):
            self.refused += 1
            self.problems += [ready] if len(self.problems) < SHOWN else []
        else:
            self.found += 1
            self.orders += [ready] if len(self.orders) < SHOWN else []


def look(reader: Reader, head: Head) -> Preview:
    """Read as much as is shown and counted. Raises ``Unreadable``."""
    preview = Preview()
    found = reader.read()
    looked_at = list(islice(found, MOST_FOUND))
    preview.is_cut = next(found, None) is not None or head.is_cut
    for one in _whole(looked_at, head.last):
        preview.add(one)
    return preview


def _whole(found: list[Found], last: int) -> Iterator[Found]:
    """Without the order of which the next rows were not looked at."""
    for one in found:
        lines = [one.row.line] if isinstance(one, RefusedRow) else [item.row.line for item in one.items]
        if not last or max(lines, default=0) < last:
            yield one
