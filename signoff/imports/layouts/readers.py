"""Readers of tables: group the rows of each order, build orders, and collect the figures of the file."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, tzinfo
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from signoff.imports.files.contacts import read_emails
from signoff.imports.files.rejected import RejectedRow
from signoff.imports.layouts.columns import Layout, Record, read_order
from signoff.imports.orders.parsed import ParseResult, SentParcel, SoldOrder

MAX_REMEMBERED = 50_000
type BuildOrder = Callable[[Sequence[Record]], SoldOrder | None]
#: our column of each part of an address in ``EXPECTED_FIELDS``
ADDRESS_COLUMNS = {part: f"ship_{part}" for part in ("name", "street", "city", "postcode", "country")} | {
    "email": "email"
}


class UnsortedTableReader:
    """Reads a table in which the rows of an order may be anywhere; ``build`` makes an order of its rows.

    ``column_of`` maps expected fields to their column. A field whose column the file lacks is not reported as missing.
    """

    passes = 2

    def __init__(
        self, layout: Layout, build: BuildOrder, *, zone: tzinfo = UTC, column_of: Mapping[str, str] = ADDRESS_COLUMNS
    ) -> None:
        self.layout, self.build, self.zone = layout, build, zone
        self.report: dict[str, Any] = {}
        self.provides = frozenset(part for part, column in column_of.items() if column in layout.indexes)

    def on_progress(self, callback: Callable[[int], object]) -> None:
        self.layout.table.progress_callback = callback

    def read(self) -> Iterator[ParseResult]:
        yield from collect_report(self._orders(), self.report, zone=self.zone, counts_contacts="email" in self.provides)
        if self.layout.table.skipped:
            self.report["skipped"] = self.layout.table.skipped

    def _orders(self) -> Iterator[ParseResult]:
        for rows in group_by_order(self.layout, "number"):
            yield from read_order(self.layout, rows, self.build)


class SortedTableReader(UnsortedTableReader):
    """Reads a table in which the rows of an order follow each other: ``group`` splits them. Rejects repeated orders."""

    passes = 1

    def __init__(
        self,
        layout: Layout,
        build: BuildOrder,
        *,
        group: Callable[[Iterable[Record]], Iterable[Sequence[Record]]],
        zone: tzinfo = UTC,
        column_of: Mapping[str, str] = ADDRESS_COLUMNS,
    ) -> None:
        super().__init__(layout, build, zone=zone, column_of=column_of)
        self.group = group

    def _orders(self) -> Iterator[ParseResult]:
        recent = RecentOrders()
        for rows in self.group(self.layout.records()):
            first = rows[0]
            if first["number"] and (line := recent.first_line(first["number"], first.row.line)):
                yield from (self.layout.reject(record.row, "number", duplicate_order_text(line)) for record in rows)
            else:
                yield from read_order(self.layout, rows, self.build)


class RecentOrders:
    """The lines of the orders read last, to detect repeated ones in constant memory.

    A repetition farther away is detected when it is saved: the order is stored already.
    """

    def __init__(self, limit: int = MAX_REMEMBERED) -> None:
        self._lines: dict[str, int] = {}
        self._order: deque[str] = deque()
        self._limit = limit

    def first_line(self, number: str, line: int) -> int | None:
        """The line of an earlier order with this number, or ``None``; then the number is remembered."""
        if number in self._lines:
            return self._lines[number]
        self._lines[number] = line
        self._order.append(number)
        if len(self._order) > self._limit:
            del self._lines[self._order.popleft()]
        return None


def duplicate_order_text(line: int) -> str:
    """The sentence for a repeated order."""
    return _("There is already an order with this number on line %(line)d. Remove one of them.") % {"line": line}


def group_by_order(
    layout: Layout, key: str, *, observe: Callable[[Record], object] | None = None
) -> Iterator[list[Record]]:
    """Group rows by the cell ``key``, in two passes, wherever they are.

    The first pass finds orders whose rows are split (one hash per order, dropped afterwards). The second holds the rows
    of the current order and those of split orders until their last row, so memory does not grow with the file.
    ``observe`` is called once with every record, before the first group.
    """
    rows_left = _count_split_orders(layout, key, observe)
    waiting: dict[str, list[Record]] = {}
    group: list[Record] = []
    for record in layout.records():
        name = record[key]
        if name in rows_left:
            waiting.setdefault(name, []).append(record)
            rows_left[name] -= 1
            if not rows_left[name]:
                yield waiting.pop(name)
            continue
        if group and group[0][key] != name:
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def _count_split_orders(layout: Layout, key: str, observe: Callable[[Record], object] | None) -> Counter[str]:
    """Row counts of the orders whose rows are not adjacent."""
    # hashes take less memory than numbers; a collision only makes an order wait for its last row
    finished: set[int] = set()
    split: set[str] = set()
    previous = ""
    for record in layout.records():
        if observe:
            observe(record)
        if (name := record[key]) == previous:
            continue
        if hash(name) in finished:
            split.add(name)
        finished.add(hash(previous))
        previous = name
    finished.clear()
    if not split:
        return Counter()
    return Counter(name for record in layout.records() if (name := record[key]) in split)


def collect_report(
    results: Iterator[ParseResult], report: dict[str, Any], *, zone: tzinfo = UTC, counts_contacts: bool = False
) -> Iterator[ParseResult]:
    """Pass all results on; when exhausted, write their figures to ``report``. Days are counted in ``zone``.

    ``counts_contacts`` adds the orders without a usable e-mail address.
    """
    builder = _ReportBuilder(zone)
    for result in results:
        builder.add(result)
        yield result
    report |= builder.as_report()
    if counts_contacts and builder.unreachable:
        report["unreachable"] = builder.unreachable


class _ReportBuilder:
    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.counts = Counter(dict.fromkeys(("orders", "lines", "units", "refused", "delivered", "late", "ratings"), 0))
        self.paid: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.days: tuple[date, date] | None = None
        self.unreachable = 0

    def add(self, result: ParseResult) -> None:
        if isinstance(result, RejectedRow):
            self.counts["refused"] += 1
            return
        self.counts["orders"] += 1
        self.counts["lines"] += len(result.items)
        self.counts["units"] += sum(item.quantity for item in result.items)
        self.counts["delivered"] += any(parcel.delivered_at for parcel in result.parcels)
        self.counts["late"] += any(map(self._is_late, result.parcels))
        self.counts["ratings"] += len(result.ratings)
        self.unreachable += not result.cancelled and not read_emails(result.buyer.email).address
        for payment in result.payments:
            self.paid[result.currency] += payment.amount
        day = result.placed_at.astimezone(self.zone).date()
        first, last = self.days or (day, day)
        self.days = min(first, day), max(last, day)

    def as_report(self) -> dict[str, Any]:
        return {
            **self.counts,
            "paid": {currency: str(amount) for currency, amount in sorted(self.paid.items())},
            "first_last": [day.isoformat() for day in self.days or ()],
        }

    def _is_late(self, parcel: SentParcel) -> bool:
        """By calendar days: a delivery on the promised day is in time."""
        if not parcel.delivered_at or not parcel.promised_on:
            return False
        return parcel.delivered_at.astimezone(self.zone).date() > parcel.promised_on
