"""One import from beginning to end."""

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
from signoff.models import Parcel, Shop
from signoff.money import CannotFreeze
from signoff.parcels.terms import terms_of

BATCH_LINES = 4_000
PAGE_BITS = 65_536
type TrackingNumber = tuple[str, str]


@dataclass
class ImportResult:
    """What an import did: orders and lines written, orders that were here already, changed or not, rows refused and
    where they are listed, oddities for somebody to look at, money paid for the new orders by currency, and the
    format's own figures of the file."""

    new: int = 0
    lines: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    anomalies: int = 0
    refused_file: Path | None = None
    paid: dict[str, Decimal] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)


@dataclass
class BatchResult:
    """What became of a batch. ``paid`` is the money of the new orders by currency, ``anomalies`` how much is odd."""

    new: int = 0
    lines: int = 0
    changed: int = 0
    unchanged: int = 0
    anomalies: int = 0
    paid: dict[str, Decimal] = field(default_factory=dict)
    refused: list[RejectedRow] = field(default_factory=list)


def import_orders(
    reader: Reader,
    *,
    shop: Shop,
    source: str,
    refused: RejectedRowsFile,
    advance: Callable[[int], object] | None = None,
) -> ImportResult:
    """Write all orders that ``reader`` finds to ``shop``. Safe to run again, also after it was cut off.

    ``advance`` hears of rows as they are read (``Reader.tell``), and is called with 0 after each batch.
    """
    store, outcome = OrderWriter(shop, source=source, gives=reader.gives), ImportResult()
    if advance:
        reader.tell(advance)
    try:
        for batch in _batches(_collect_rejected(reader.read(), refused)):
            _add_to_result(outcome, store.save(batch), refused)
            if advance:
                advance(0)
    finally:
        refused.close()
    outcome.report = reader.report
    outcome.refused = refused.count
    outcome.refused_file = refused.path if refused.count else None
    return outcome


def _collect_rejected(found: Iterable[SoldOrder | RejectedRow], refused: RejectedRowsFile) -> Iterator[SoldOrder]:
    """Only the orders; the others go to the file."""
    for one in found:
        if isinstance(one, RejectedRow):
            refused.add(one)
        else:
            yield one


def _batches(orders: Iterable[SoldOrder]) -> Iterator[list[SoldOrder]]:
    """So many lines at once that memory stays small; an order without lines counts as one."""
    batch: list[SoldOrder] = []
    lines = 0
    for order in orders:
        batch.append(order)
        lines += max(len(order.items), 1)
        if lines >= BATCH_LINES:
            yield batch
            batch, lines = [], 0
    if batch:
        yield batch


def _add_to_result(outcome: ImportResult, stored: BatchResult, refused: RejectedRowsFile) -> None:
    for name in ("new", "lines", "changed", "unchanged", "anomalies"):
        setattr(outcome, name, getattr(outcome, name) + getattr(stored, name))
    for currency, amount in stored.paid.items():
        outcome.paid[currency] = outcome.paid.get(currency, Decimal(0)) + amount
    for row in stored.refused:
        refused.add(row)


class OrderWriter:
    """``source`` is the name of the format; ``gives`` what its orders should have (``terms.GIVEN``)."""

    def __init__(self, shop: Shop, *, source: str, gives: Collection[str] = ()) -> None:
        self.shop, self.source, self.gives = shop, source, gives
        self._met = IdBitset()

    @transaction.atomic
    def save(self, orders: Sequence[SoldOrder]) -> BatchResult:
        """Write a batch. Two imports into one shop take turns."""
        Shop.objects.select_for_update(no_key=True).get(pk=self.shop.pk)
        of = Batch(self.shop, self.source, self.gives, terms_of(self.shop), timezone.now())
        stored = BatchResult()
        taken = self._believable(orders, stored)
        here = existing_orders(self.shop, [one.order.number for one in taken])
        known = list(self._once([(one, here[one.order.number]) for one in taken if one.order.number in here], stored))
        self._add([one for one in taken if one.order.number not in here], of, stored)
        if known:
            self._update_existing(known, of, stored)
        return stored

    def _update_existing(
        self, known: Sequence[tuple[PreparedOrder, ExistingOrder]], of: Batch, stored: BatchResult
    ) -> None:
        done = sync_orders(known, of)
        stored.changed, stored.unchanged = done.changed, done.unchanged
        stored.anomalies += done.anomalies
        stored.refused += done.refused

    def _believable(self, orders: Sequence[SoldOrder], stored: BatchResult) -> list[PreparedOrder]:
        """The orders that can be true and stand in the batch once; the others are refused."""
        found: dict[str, PreparedOrder] = {}
        for order in orders:
            if order.number in found:
                stored.refused += reject_order(order, duplicate_in_import_text())
                continue
            try:
                found[order.number] = prepare_order(order)
            except CannotFreeze as why:
                stored.refused += reject_order(order, str(why))
        for one, sentence in list(find_taken_numbers(list(found.values()), self.shop)):
            stored.refused += reject_order(one.order, sentence)
            del found[one.order.number]
        return list(found.values())

    def _once(
        self, known: Sequence[tuple[PreparedOrder, ExistingOrder]], stored: BatchResult
    ) -> Iterator[tuple[PreparedOrder, ExistingOrder]]:
        """Those that this import has not met before: a file must not contradict itself and have the last word."""
        for one, kept in known:
            if kept.pk in self._met:
                stored.refused += reject_order(one.order, duplicate_in_import_text())
            else:
                self._met.add(kept.pk)
                yield one, kept

    def _add(self, orders: Sequence[PreparedOrder], of: Batch, stored: BatchResult) -> None:
        if not orders:
            return
        placed = insert_orders(orders, save_customers([one.order for one in orders], self.shop), of)
        stored.anomalies += insert_anomalies([(one.key, one.told) for one in placed], of.gives, now=of.now)
        stored.new += len(placed)
        for one in placed:
            self._met.add(one.key)
            stored.lines += len(one.told.rows.lines)
            currency = one.told.order.currency
            stored.paid[currency] = stored.paid.get(currency, ZERO) + one.told.paid


def find_taken_numbers(orders: Sequence[PreparedOrder], shop: Shop) -> Iterator[tuple[PreparedOrder, str]]:
    """Orders that name a number which another order of the shop has already, here or earlier in the batch, with a
    sentence."""
    owners = _tracking_owners(orders, shop)
    for one in orders:
        own = one.order.number
        for number in _tracking_numbers(one):
            if (other := owners.setdefault(number, own)) != own:
                yield (
                    one,
                    _(
                        "The parcel %(tracking)s belongs to order %(other)s already. Correct the tracking number, or "
                        "leave it empty."
                    )
                    % {"tracking": number[1], "other": other},
                )
                break


def _tracking_owners(orders: Sequence[PreparedOrder], shop: Shop) -> dict[TrackingNumber, str]:
    wanted = {number for one in orders for _carrier, number in _tracking_numbers(one)}
    if not wanted:
        return {}
    rows = Parcel.objects.filter(order__shop=shop, tracking_number__in=wanted).order_by("-pk")
    found = rows.values_list("carrier", "tracking_number", "order__number")
    return {(carrier.casefold(), number): order for carrier, number, order in found}


def _tracking_numbers(one: PreparedOrder) -> list[TrackingNumber]:
    return [(sent.carrier.casefold(), sent.number) for sent in one.parcels if sent.number]


def duplicate_in_import_text() -> str:
    return _("An order with this number came earlier in this import. Remove one of them.")


class IdBitset:
    """A set of keys that can only grow."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, key: int) -> None:
        page, place = divmod(key, PAGE_BITS)
        bits = self._pages.setdefault(page, bytearray(PAGE_BITS // 8))
        bits[place // 8] |= 1 << place % 8

    def __contains__(self, key: int) -> bool:
        page, place = divmod(key, PAGE_BITS)
        bits = self._pages.get(page)
        return bits is not None and bool(bits[place // 8] & 1 << place % 8)
