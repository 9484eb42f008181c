"""How the rows of a table become orders: one pass where they stand together, two where they may be scattered."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, tzinfo
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from signoff.imports.files.rejected import RejectedRow
from signoff.imports.layouts.columns import Layout, Record, read_order
from signoff.imports.orders.parsed import ParseResult, SentParcel, SoldOrder

MAX_REMEMBERED = 50_000
type BuildOrder = Callable[[Sequence[Record]], SoldOrder | None]
#: which column of a layout holds what of an address (``terms.GIVEN``)
ADDRESS_COLUMNS = {part: f"ship_{part}" for part in ("name", "street", "city", "postcode", "country")}


class UnsortedTableReader:
    """The rows of an order stand wherever they like; ``build`` makes one order of them.

    ``given`` says in which of our columns stands what every order should have; columns that the file lacks are not
    missed.
    """

    passes = 2

    def __init__(
        self, layout: Layout, build: BuildOrder, *, zone: tzinfo = UTC, given: Mapping[str, str] = ADDRESS_COLUMNS
    ) -> None:
        self.layout, self.build, self.zone = layout, build, zone
        self.report: dict[str, Any] = {}
        self.provides = frozenset(part for part, column in given.items() if column in layout.places)

    def on_progress(self, callback: Callable[[int], object]) -> None:
        self.layout.grid.progress_callback = callback

    def read(self) -> Iterator[ParseResult]:
        yield from collect_report(self._orders(), self.report, zone=self.zone)

    def _orders(self) -> Iterator[ParseResult]:
        for rows in group_by_order(self.layout, "number"):
            yield from read_order(self.layout, rows, self.build)


class SortedTableReader(UnsortedTableReader):
    """The rows of an order follow each other: ``groups`` cuts them. An order that comes twice is refused."""

    passes = 1

    def __init__(
        self,
        layout: Layout,
        build: BuildOrder,
        *,
        groups: Callable[[Iterable[Record]], Iterable[Sequence[Record]]],
        zone: tzinfo = UTC,
        given: Mapping[str, str] = ADDRESS_COLUMNS,
    ) -> None:
        super().__init__(layout, build, zone=zone, given=given)
        self.groups = groups

    def _orders(self) -> Iterator[ParseResult]:
        recent = RecentOrders()
        for rows in self.groups(self.layout.records()):
            first = rows[0]
            if first["number"] and (line := recent.earlier(first["number"], first.row.line)):
                yield from (self.layout.refuse(record.row, "number", duplicate_order_text(line)) for record in rows)
            else:
                yield from read_order(self.layout, rows, self.build)


class RecentOrders:
    """The orders read last and where they stood, so that one that comes twice is seen.

    Constant in memory: what comes again farther away the database knows as an order that is here already.
    """

    def __init__(self, most: int = MAX_REMEMBERED) -> None:
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


def duplicate_order_text(line: int) -> str:
    """The sentence for an order that comes a second time."""
    return _("An order with this number stands on line %(line)d already. Remove one of them.") % {"line": line}


def group_by_order(layout: Layout, key: str) -> Iterator[list[Record]]:
    """The rows of each order by the cell ``key``, in two passes, wherever they stand.

    The first pass notes only which orders are scattered (one number per order, forgotten afterwards); the second holds
    the rows of one order, and those of scattered orders until their last row.
    """
    missing = _count_split_orders(layout, key)
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


def _count_split_orders(layout: Layout, key: str) -> Counter[str]:
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


def collect_report(
    found: Iterator[ParseResult], report: dict[str, Any], *, zone: tzinfo = UTC
) -> Iterator[ParseResult]:
    """Pass everything on, and write its figures to ``report`` when it is exhausted. Days are those of ``zone``."""
    figures = _ReportBuilder(zone)
    for one in found:
        figures.add(one)
        yield one
    report |= figures.as_report()


class _ReportBuilder:
    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.counts = Counter(dict.fromkeys(("orders", "lines", "units", "refused", "delivered", "late", "ratings"), 0))
        self.paid: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.days: tuple[date, date] | None = None

    def add(self, one: ParseResult) -> None:
        if isinstance(one, RejectedRow):
            self.counts["refused"] += 1
            return
        self.counts["orders"] += 1
        self.counts["lines"] += len(one.items)
        self.counts["units"] += sum(item.quantity for item in one.items)
        self.counts["delivered"] += any(parcel.delivered_at for parcel in one.parcels)
        self.counts["late"] += any(map(self._is_late, one.parcels))
        self.counts["ratings"] += len(one.ratings)
        for payment in one.payments:
            self.paid[one.currency] += payment.amount
        day = one.placed_at.astimezone(self.zone).date()
        first, last = self.days or (day, day)
        self.days = min(first, day), max(last, day)

    def as_report(self) -> dict[str, Any]:
        return {
            **self.counts,
            "paid": {currency: str(amount) for currency, amount in sorted(self.paid.items())},
            "first_last": [day.isoformat() for day in self.days or ()],
        }

    def _is_late(self, parcel: SentParcel) -> bool:
        """By the calendar: on the promised day it is still in time."""
        if not parcel.delivered_at or not parcel.promised_on:
            return False
        return parcel.delivered_at.astimezone(self.zone).date() > parcel.promised_on
