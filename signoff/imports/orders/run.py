"""Runs one import: batch by batch, each in one transaction, new orders are inserted and stored ones updated."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.imports.files.rejected import RejectedRow, RejectedRowsFile
from signoff.imports.orders.anomalies import insert_anomalies
from signoff.imports.orders.customers import save_customers
from signoff.imports.orders.existing import ExistingOrder, existing_orders
from signoff.imports.orders.insert import Batch, insert_orders
from signoff.imports.orders.parsed import ZERO, Reader, SoldOrder, reject_order
from signoff.imports.orders.rows import PreparedOrder, prepare_order
from signoff.imports.orders.sync import sync_orders
from signoff.models import Shop
from signoff.money import CannotFreeze
from signoff.parcels.terms import terms_of

BATCH_LINES = 4_000  # bounds memory, and the time for which a batch holds its row locks
PAGE_BITS = 65_536


@dataclass
class ImportResult:
    """Counts of an import.

    ``new`` and ``lines`` are inserted orders and their lines; ``changed`` and ``unchanged`` orders were stored before.
    ``anomalies`` are order anomalies for the queue, ``rejected`` rows that are listed in ``rejected_file``. ``paid`` is
    the money of new orders by currency, ``report`` the format's own figures of the file.
    """

    new: int = 0
    lines: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    anomalies: int = 0
    rejected_file: Path | None = None
    paid: dict[str, Decimal] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)


@dataclass
class BatchResult:
    """Counts of one batch, as in ``ImportResult``, and its rejected rows."""

    new: int = 0
    lines: int = 0
    changed: int = 0
    unchanged: int = 0
    anomalies: int = 0
    paid: dict[str, Decimal] = field(default_factory=dict)
    rejected: list[RejectedRow] = field(default_factory=list)


def import_orders(
    reader: Reader,
    *,
    shop: Shop,
    source: str,
    rejected_rows: RejectedRowsFile,
    on_progress: Callable[[int], object] | None = None,
    batch_lines: int = BATCH_LINES,
) -> ImportResult:
    """Save all orders of ``reader`` in ``shop``. Idempotent: it can be repeated, also after it was interrupted.

    ``on_progress`` is called with the number of rows read since its last call, and with 0 after each batch of about
    ``batch_lines`` order lines.
    """
    writer, result = OrderWriter(shop, source=source, provides=reader.provides), ImportResult()
    if on_progress:
        reader.on_progress(on_progress)
    try:
        for batch in _batches(_collect_rejected(reader.read(), rejected_rows), batch_lines):
            _add_to_result(result, writer.save(batch), rejected_rows)
            if on_progress:
                on_progress(0)
    finally:
        rejected_rows.close()
    result.report = reader.report
    result.rejected = rejected_rows.count
    result.rejected_file = rejected_rows.path if rejected_rows.count else None
    return result


def _collect_rejected(
    results: Iterable[SoldOrder | RejectedRow], rejected_rows: RejectedRowsFile
) -> Iterator[SoldOrder]:
    """Pass on the orders; write rejected rows to their file."""
    for result in results:
        if isinstance(result, RejectedRow):
            rejected_rows.add(result)
        else:
            yield result


def _batches(orders: Iterable[SoldOrder], batch_lines: int) -> Iterator[list[SoldOrder]]:
    """Cut orders into batches of about ``batch_lines`` lines to bound memory; an order without lines counts as one."""
    batch: list[SoldOrder] = []
    lines = 0
    for order in orders:
        batch.append(order)
        lines += max(len(order.items), 1)
        if lines >= batch_lines:
            yield batch
            batch, lines = [], 0
    if batch:
        yield batch


def _add_to_result(result: ImportResult, batch_result: BatchResult, rejected_rows: RejectedRowsFile) -> None:
    for name in ("new", "lines", "changed", "unchanged", "anomalies"):
        setattr(result, name, getattr(result, name) + getattr(batch_result, name))
    for currency, amount in batch_result.paid.items():
        result.paid[currency] = result.paid.get(currency, Decimal(0)) + amount
    for row in batch_result.rejected:
        rejected_rows.add(row)


class OrderWriter:
    """Saves the batches of one import. ``source`` is the format's key, ``provides`` what its orders should have."""

    def __init__(self, shop: Shop, *, source: str, provides: Collection[str] = ()) -> None:
        self.shop, self.source, self.provides = shop, source, provides
        self._seen_keys = IdBitset()

    @transaction.atomic
    def save(self, orders: Sequence[SoldOrder]) -> BatchResult:
        """Save a batch of orders. The lock on the shop makes two imports into it take turns."""
        Shop.objects.select_for_update(no_key=True).get(pk=self.shop.pk)
        batch = Batch(self.shop, self.source, self.provides, terms_of(self.shop), timezone.now())
        result = BatchResult()
        prepared = self._prepare_valid(orders, result)
        existing = existing_orders(self.shop, [order.number for order in prepared])
        pairs = [(order, existing[order.number]) for order in prepared if order.number in existing]
        stored_orders = list(self._skip_repeated(pairs, result))
        # an order that this batch inserts must not count as a repeated one, so they are separated before inserting
        self._insert_new([order for order in prepared if order.number not in existing], batch, result)
        if stored_orders:
            self._update_existing(stored_orders, batch, result)
        return result

    def _update_existing(
        self, stored_orders: Sequence[tuple[PreparedOrder, ExistingOrder]], batch: Batch, result: BatchResult
    ) -> None:
        synced = sync_orders(stored_orders, batch)
        result.changed, result.unchanged = synced.changed, synced.unchanged
        result.anomalies += synced.anomalies
        result.rejected += synced.rejected

    def _prepare_valid(self, orders: Sequence[SoldOrder], result: BatchResult) -> list[PreparedOrder]:
        """Prepare the orders; reject repeated order numbers and impossible amounts."""
        prepared: dict[str, PreparedOrder] = {}
        for order in orders:
            if order.number in prepared:
                result.rejected += reject_order(order, duplicate_in_import_text())
                continue
            try:
                prepared[order.number] = prepare_order(order)
            except CannotFreeze as why:
                result.rejected += reject_order(order, str(why))
        return list(prepared.values())

    def _skip_repeated(
        self, stored_orders: Sequence[tuple[PreparedOrder, ExistingOrder]], result: BatchResult
    ) -> Iterator[tuple[PreparedOrder, ExistingOrder]]:
        """Stored orders seen for the first time in this import; later ones are rejected: no file overwrites itself."""
        for prepared, existing in stored_orders:
            if existing.pk in self._seen_keys:
                result.rejected += reject_order(prepared.order, duplicate_in_import_text())
            else:
                self._seen_keys.add(existing.pk)
                yield prepared, existing

    def _insert_new(self, orders: Sequence[PreparedOrder], batch: Batch, result: BatchResult) -> None:
        if not orders:
            return
        saved = insert_orders(orders, save_customers([order.order for order in orders], self.shop), batch)
        result.anomalies += insert_anomalies(
            [(order.pk, order.prepared) for order in saved], batch.provides, now=batch.now
        )
        result.new += len(saved)
        for order in saved:
            self._seen_keys.add(order.pk)
            result.lines += len(order.prepared.rows.lines)
            currency = order.prepared.order.currency
            result.paid[currency] = result.paid.get(currency, ZERO) + order.prepared.paid


def duplicate_in_import_text() -> str:
    return _("This import already has an order with this number. Remove one of them.")


class IdBitset:
    """A set of integers, one bit each: half a million order keys take 64 KB instead of 30 MB."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, key: int) -> None:
        page, bit = divmod(key, PAGE_BITS)
        bits = self._pages.setdefault(page, bytearray(PAGE_BITS // 8))
        bits[bit // 8] |= 1 << bit % 8

    def __contains__(self, key: int) -> bool:
        page, bit = divmod(key, PAGE_BITS)
        bits = self._pages.get(page)
        return bits is not None and bool(bits[bit // 8] & 1 << bit % 8)
