"""What every import format speaks: rows of a file in, orders or refusals out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from signoff.imports.tables import Row, Table


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not imported, the column to look at, and a sentence that says what to do."""

    row: Row
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SoldItem:
    """One line of an order; ``unit_price`` may be finer than a coin (three decimals)."""

    row: Row
    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    is_goods: bool


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """One order, paid in full when it was placed; ``customer`` is the shop's own number, maybe empty.

    ``number_column`` is what the file calls the column of ``number``.
    """

    number: str
    number_column: str
    placed_at: datetime
    customer: str
    country: str
    currency: str
    items: list[SoldItem]


class Reader(Protocol):
    """Reads one file, going through it ``passes`` times. ``report`` (figures of the file, by name) is complete
    when ``read`` is exhausted."""

    passes: int
    report: dict[str, Any]

    def read(self) -> Iterator[SoldOrder | RefusedRow]: ...


type Format = Callable[[Table], Reader]
