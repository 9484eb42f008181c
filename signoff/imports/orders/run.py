"""One import from beginning to end."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from signoff.imports.files.rejected import RefusedFile, RefusedRow
from signoff.imports.orders.parsed import Reader, SoldOrder
from signoff.imports.orders.save import Store, Stored
from signoff.models import Shop

BATCH_LINES = 4_000


@dataclass
class Outcome:
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


def import_orders(
    reader: Reader,
    *,
    shop: Shop,
    source: str,
    refused: RefusedFile,
    advance: Callable[[int], object] | None = None,
    at_once: int = BATCH_LINES,
) -> Outcome:
    """Write all orders that ``reader`` finds to ``shop``. Safe to run again, also after it was cut off.

    ``advance`` hears of rows as they are read (``Reader.tell``), and is called with 0 after each batch of
    about ``at_once`` order lines.
    """
    store, outcome = Store(shop, source=source, gives=reader.gives), Outcome()
    if advance:
        reader.tell(advance)
    try:
        for batch in _batches(_sieved(reader.read(), refused), at_once):
            _add(outcome, store.save(batch), refused)
            if advance:
                advance(0)
    finally:
        refused.close()
    outcome.report = reader.report
    outcome.refused = refused.count
    outcome.refused_file = refused.path if refused.count else None
    return outcome


def _sieved(found: Iterable[SoldOrder | RefusedRow], refused: RefusedFile) -> Iterator[SoldOrder]:
    """Only the orders; the others go to the file."""
    for one in found:
        if isinstance(one, RefusedRow):
            refused.add(one)
        else:
            yield one


def _batches(orders: Iterable[SoldOrder], most: int) -> Iterator[list[SoldOrder]]:
    """So many lines at once that memory stays small; an order without lines counts as one."""
    batch: list[SoldOrder] = []
    lines = 0
    for order in orders:
        batch.append(order)
        lines += max(len(order.items), 1)
        if lines >= most:
            yield batch
            batch, lines = [], 0
    if batch:
        yield batch


def _add(outcome: Outcome, stored: Stored, refused: RefusedFile) -> None:
    for name in ("new", "lines", "changed", "unchanged", "anomalies"):
        setattr(outcome, name, getattr(outcome, name) + getattr(stored, name))
    for currency, amount in stored.paid.items():
        outcome.paid[currency] = outcome.paid.get(currency, Decimal(0)) + amount
    for row in stored.refused:
        refused.add(row)
