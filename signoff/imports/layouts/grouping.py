"""Rows of one order, brought together. Which way a format goes depends on what its exporter promises."""

from collections import Counter, deque
from collections.abc import Iterator

from django.utils.translation import gettext as _

from signoff.imports.layouts.columns import Layout, Record

REMEMBERED = 50_000


class Recent:
    """The orders read last and where they stood, so that one that comes twice is seen.

    Constant in memory: what comes again farther away the database knows as an order that is here already.
    """

    def __init__(self, most: int = REMEMBERED) -> None:
        self._lines: dict[str, int] = {}
        self._order: deque[str] = deque()
        self._most = most

    def earlier(self, number: str, line: int) -> int | None:
        """The line of the earlier order of this number, or ``None``, and then it is remembered."""
        if number in self._lines:
            return self._lines[number]
        self._lines[number] = line
        self._order.append(number)
        if len(self._order) > self._most:
            del self._lines[self._order.popleft()]
        return None


def twice(line: int) -> str:
    """The sentence for an order that comes a second time."""
    return _("An order with this number stands on line %(line)d already. Remove one of them.") % {"line": line}


def gathered(layout: Layout, key: str) -> Iterator[list[Record]]:
    """The rows of each order by the cell ``key``, in two passes, wherever they stand.

    The first pass notes only which orders are scattered (one number per order, forgotten afterwards); the second holds
    the rows of one order, and those of scattered orders until their last row.
    """
    missing = _scattered(layout, key)
    waiting: dict[str, list[Record]] = {}
    group: list[Record] = []
    for record in layout.records():
        name = record[key]
        if name in missing:
            waiting.setdefault(name, []).append(record)
            missing[name] -= 1
            if not missing[name]:
                yield waiting.pop(name)
            continue
        if group and group[0][key] != name:
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def _scattered(layout: Layout, key: str) -> Counter[str]:
    """How many rows the orders have that do not stand together."""
    finished: set[int] = set()
    scattered: set[str] = set()
    last = ""
    for record in layout.records():
        if (name := record[key]) == last:
            continue
        if hash(name) in finished:
            scattered.add(name)
        finished.add(hash(last))
        last = name
    finished.clear()
    if not scattered:
        return Counter()
    return Counter(name for record in layout.records() if (name := record[key]) in scattered)
