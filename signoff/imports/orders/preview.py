"""Reads the first orders of an upload and shows what an import would store, without writing anything."""

from collections.abc import Iterator, Sequence
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
    """The first orders and rejected rows; ``order_count`` and ``rejected_count`` count all that were read.

    ``time_zone`` is that of the file's local times, which people compare with the file; "" where each has its own.
    """

    orders: list[PreparedOrder] = field(default_factory=list)
    problems: list[RejectedRow] = field(default_factory=list)
    order_count: int = 0
    rejected_count: int = 0
    is_cut: bool = False
    time_zone: str = ""

    def add(self, result: ParseResult) -> None:
        if isinstance(result, RejectedRow):
            self._add_rejected([result])
            return
        try:
            order = prepare_order(result)
        except CannotFreeze as error:
            self._add_rejected(reject_order(result, str(error)))
            return
        self.order_count += 1
        if len(self.orders) < MAX_SHOWN:
            self.orders.append(order)

    def _add_rejected(self, rows: Sequence[RejectedRow]) -> None:
        self.rejected_count += len(rows)
        self.problems += rows[: MAX_SHOWN - len(self.problems)]


def read_preview(reader: Reader, head: Head) -> Preview:
    """Read at most ``MAX_READ`` orders and rejected rows. Raises ``UnreadableFile``."""
    preview = Preview(time_zone=getattr(getattr(reader, "zone", None), "key", ""))
    results = reader.read()
    read = list(islice(results, MAX_READ))
    preview.is_cut = next(results, None) is not None or head.is_cut
    for result in _drop_incomplete_order(read, head.last_line):
        preview.add(result)
    return preview


def _drop_incomplete_order(results: list[ParseResult], last_line: int) -> Iterator[ParseResult]:
    """Leave out the last order of a cut file: its next rows were not read."""
    for result in results:
        lines = [result.row.line] if isinstance(result, RejectedRow) else [item.row.line for item in result.items]
        if not last_line or max(lines, default=0) < last_line:
            yield result


def preview_context(prepared: PreparedOrder) -> dict[str, Any]:
    """Template context of one order: the amounts that would be stored."""
    order, amounts = prepared.order, prepared.amounts
    parts = [*amounts.lines, *amounts.shipping]
    return {
        "order": order,
        "customer": order.buyer.name or order.buyer.email or order.buyer.external_id,
        "units": sum(item.quantity for item in order.items),
        "goods": sum((line.list_total for line in amounts.lines), ZERO),
        "discount": sum((part.discount for part in parts), ZERO),
        "tax": sum((part.tax for part in parts), ZERO),
        "shipping": sum((part.list_total for part in amounts.shipping), ZERO),
        "total": prepared.total,
        "differs": order.total is not None and order.total != prepared.total,
    }
