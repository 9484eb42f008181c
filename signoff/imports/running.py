"""One import from beginning to end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from signoff.imports.refused import RefusedFile
from signoff.imports.store import Store, Stored
from signoff.imports.terms import Reader, RefusedRow, SoldOrder
from signoff.models import Shop

BATCH_LINES = 10_000


@dataclass
class Outcome:
    """What an import did: orders and lines written, orders that were here already, rows refused and where
    they are listed, money paid for the new orders by currency, and the format's own figures of the file."""

    new: int = 0
    lines: int = 0
    unchanged: int = 0
    refused: int = 0
    refused_file: Path | None = None
    paid: dict[str, Decimal] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)


def import_orders(reader: Reader, *, shop: Shop, source: str, refused: RefusedFile) -> Outcome:
    """Write all orders that ``reader`` finds to ``shop``. Safe to run again, also after it was cut off."""
    store, outcome = Store(shop, source=source), Outcome()
    try:
        for batch in _batches(_sieved(reader.read(), refused)):
            _add(outcome, store.save(batch), refused)
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


def _batches(orders: Iterable[SoldOrder]) -> Iterator[list[SoldOrder]]:
    batch: list[SoldOrder] = []
    lines = 0
    for order in orders:
        batch.append(order)
        lines += len(order.items)
        if lines >= BATCH_LINES:
            yield batch
            batch, lines = [], 0
    if batch:
        yield batch


def _add(outcome: Outcome, stored: Stored, refused: RefusedFile) -> None:
    outcome.new += stored.new
    outcome.lines += stored.lines
    outcome.unchanged += stored.unchanged
    for currency, amount in stored.paid.items():
        outcome.paid[currency] = outcome.paid.get(currency, Decimal(0)) + amount
    for row in stored.refused:
        refused.add(row)
