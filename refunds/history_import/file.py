"""A file of past returns: one row per returned line, tied to the sale it returns. Only reads.

Besides our own columns those of Amazon's FBA customer returns are read (one row per unit, named by its licence plate,
without prices). Rows are taken in the order of return date, return invoice and article number. Source of its columns:
Selling Partner API, report type GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from signoff.imports.files.cells import CellError, clean
from signoff.imports.files.csv import CsvTable, Row
from signoff.imports.files.dates import FIRST_YEAR, LAST_YEAR
from signoff.imports.files.rejected import RejectedRow
from signoff.models import Shop

COLUMNS = {
    "invoice": ("return_invoice", "license-plate-number"),
    "date": ("return_date", "return-date"),
    "sku": ("stock_code", "sku"),
    "quantity": ("quantity",),
    "order": ("original_invoice", "order-id"),
}
PRICE = ("original_unit_price",)
MAX_LENGTH = 60
MAX_UNITS = 10_000_000


@dataclass(frozen=True, slots=True)
class PastReturn:
    """One parsed row; ``at`` is UTC, ``price`` ``None`` where the file has none."""

    row: Row
    invoice: str
    at: datetime
    sku: str
    quantity: int
    order: str
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Slip:
    """The rows of one return invoice, which become one case."""

    invoice: str
    rows: list[PastReturn]

    @property
    def at(self) -> datetime:
        return self.rows[0].at


@dataclass(frozen=True)
class Layout:
    """Titles of the file's columns: key in ``COLUMNS`` → title."""

    titles: dict[str, str]

    def refuse(self, row: Row, column: str, sentence: str) -> RejectedRow:
        """A rejected row with the title of the column at fault and a sentence with the reason."""
        return RejectedRow(row, self.titles[column], sentence)


class PastReturns:
    """The parsed file: ``slips`` in the order above, and ``refused`` rows."""

    def __init__(self, table: CsvTable, *, shop: Shop) -> None:
        self.header = table.header
        self.rows = 0
        self.refused: list[RejectedRow] = []
        self._places = table.find_columns(COLUMNS | ({"price": PRICE} if table.has(*PRICE) else {}))
        self.layout = Layout({name: table.header[place] for name, place in self._places.items()})
        self._zone = ZoneInfo(shop.time_zone)
        understood = sorted(self._understood(table), key=lambda past: (past.at, past.invoice, past.sku))
        first: dict[str, int] = {}
        for place, past in enumerate(understood):
            first.setdefault(past.invoice, place)
        understood.sort(key=lambda past: first[past.invoice])
        self.slips = [Slip(invoice, list(rows)) for invoice, rows in groupby(understood, lambda past: past.invoice)]

    def _understood(self, table: CsvTable) -> Iterator[PastReturn]:
        for row in table.rows():
            self.rows += 1
            try:
                yield self._parse(row)
            except _Wrong as wrong:
                self.refused.append(self.layout.refuse(row, wrong.column, str(wrong)))

    def _parse(self, row: Row) -> PastReturn:
        if len(row.cells) != len(self.header):
            raise _Wrong("invoice", _("The row has more or fewer cells than the header. Look for a stray comma."))
        cell = {name: row.cells[place].strip() for name, place in self._places.items()}
        for name in ("invoice", "sku", "order"):
            if not cell[name]:
                raise _Wrong(name, _("This cell is empty."))
            try:
                clean(name, cell[name])
            except CellError as wrong:
                raise _Wrong(name, str(wrong)) from wrong
            if len(cell[name]) > MAX_LENGTH:
                raise _Wrong(name, _("This cell must hold 1 to %(most)d characters.") % {"most": MAX_LENGTH})
        return PastReturn(
            row=row,
            invoice=cell["invoice"],
            at=self._moment(cell["date"]),
            sku=cell["sku"],
            quantity=_quantity(cell["quantity"]),
            order=cell["order"],
            price=_price(cell["price"]) if "price" in cell else None,
        )

    def _moment(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
            if not FIRST_YEAR <= moment.year <= LAST_YEAR:
                raise ValueError(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)
        except (ValueError, OverflowError) as wrong:
            sentence = _("“%(text)s” is not a date and time such as 2010-12-03 14:23:00.")
            raise _Wrong("date", sentence % {"text": text[:40]}) from wrong


class _Wrong(ValueError):
    """A cell cannot be parsed: the key of its column in ``COLUMNS``, and a sentence."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column

    def __reduce__(self) -> tuple[type["_Wrong"], tuple[str, str]]:
        return type(self), (self.column, str(self))


def _quantity(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 0 < int(text) <= MAX_UNITS):
        raise _Wrong("quantity", _("“%(text)s” is not a whole number of units above zero.") % {"text": text[:40]})
    return int(text)


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation as wrong:
        raise _Wrong("price", _("“%(text)s” is not a price.") % {"text": text[:40]}) from wrong
    if not price.is_finite():
        raise _Wrong("price", _("“%(text)s” is not a price.") % {"text": text[:40]})
    return price
