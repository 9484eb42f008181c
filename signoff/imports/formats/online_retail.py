"""UCI Online Retail (both years): one row is one line of an invoice of a British gift shop.

An invoice of digits is a sale: its rows with a quantity above zero are an order's lines, whatever they
cost (gifts cost nothing). Rows below zero are stock written off. ``C`` invoices cancel sales and ``A``
invoices adjust debts. All other rows are counted in the report but not imported.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from signoff.imports.files import cells
from signoff.imports.files.cells import MAX_LENGTH, MAX_UNITS, CellError
from signoff.imports.files.csv import Formula, Row, Table
from signoff.imports.files.rejected import RejectedRow
from signoff.imports.files.uploaded import Source
from signoff.imports.formats.addresses import country_code
from signoff.imports.formats.online_retail_figures import Figures, InvoiceRow
from signoff.imports.orders.parsed import Buyer, SoldItem, SoldOrder

COLUMNS = {
    "invoice": ("InvoiceNo", "Invoice"),
    "code": ("StockCode",),
    "description": ("Description",),
    "quantity": ("Quantity",),
    "placed": ("InvoiceDate",),
    "price": ("UnitPrice", "Price"),
    "customer": ("CustomerID", "Customer ID"),
    "country": ("Country",),
}
CHARGES = frozenset({"POST", "DOT", "C2", "D", "M", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK", "ADJUST"})
LONDON = ZoneInfo("Europe/London")
LONGEST_TITLE = 250


def recognises(source: Source) -> bool:
    return any(source.is_table(name, "StockCode", "Quantity", "InvoiceDate") for name in COLUMNS["invoice"])


def reader(source: Source) -> "OnlineRetail":
    return OnlineRetail(source.table)


class OnlineRetail:
    """Reads one file twice: once to count the rows of each invoice, once for the orders."""

    passes = 2
    zone = LONDON
    provides = frozenset({"article"})

    def __init__(self, table: Table) -> None:
        self.table = table
        self.report: dict[str, Any] = {}
        self._indexes = table.find_columns(COLUMNS)
        self._width = len(table.header)

    def on_progress(self, callback: Callable[[int], object]) -> None:
        self.table.progress_callback = callback

    def read(self) -> Iterator[SoldOrder | RejectedRow]:
        figures = Figures()
        for rows in self._invoices(figures):
            valid = [row for row in rows if isinstance(row, InvoiceRow)]
            rejected = [row for row in rows if isinstance(row, RejectedRow)]
            figures.add(valid, refused=len(rejected))
            rejected += self._reject_impossible(valid)
            if rejected:
                yield from rejected + self._reject_other_lines(valid, rejected)
            elif sales := [row for row in valid if row.is_sale]:
                yield _order(sales, number_column=self._title("invoice"))
        self.report = figures.as_report()

    def _invoices(self, figures: Figures) -> Iterator[list[InvoiceRow | RejectedRow]]:
        """Group the rows of each invoice, wherever they are in the file."""
        rows_left: Counter[str] = Counter()
        for row in self.table.rows():
            rows_left[name := self._invoice_cell(row)] += 1
            if name.startswith("C"):
                figures.links.expect(_customer(self._cell(row, "customer")), self._cell(row, "code").strip())
        waiting: dict[str, list[InvoiceRow | RejectedRow]] = {}
        for row in self.table.rows():
            name = self._invoice_cell(row)
            waiting.setdefault(name, []).append(self._read_row(row))
            rows_left[name] -= 1
            if not rows_left[name]:
                yield waiting.pop(name)

    def _invoice_cell(self, row: Row) -> str:
        return self._cell(row, "invoice").strip()

    def _cell(self, row: Row, column: str) -> str:
        index = self._indexes[column]
        return row.cells[index] if index < len(row.cells) else ""

    def _read_row(self, row: Row) -> InvoiceRow | RejectedRow:
        try:
            return self._parse(row)
        except cells.CellError as error:
            return self._reject(row, error.column, str(error))

    def _reject(self, row: Row, column: str, sentence: str) -> RejectedRow:
        return RejectedRow(row, self._title(column), sentence)

    def _title(self, column: str) -> str:
        return self.table.header[self._indexes[column]]

    def _parse(self, row: Row) -> InvoiceRow:
        if len(row.cells) != self._width:
            raise cells.CellError(
                "invoice",
                _("The row has %(found)d cells, the header has %(wanted)d. Look for a missing or extra comma.")
                % {"found": len(row.cells), "wanted": self._width},
            )
        cell = {name: row.cells[place] for name, place in self._indexes.items()}
        if formulas := [name for name, text in cell.items() if isinstance(text, Formula)]:
            sentence = _("This cell contains a formula. Replace it with its value; formulas are not calculated here.")
            raise cells.CellError(formulas[0], sentence)
        return InvoiceRow(
            row=row,
            invoice=cells.name("invoice", cell["invoice"]),
            code=cells.name("code", cell["code"]),
            description=cells.clean("description", cell["description"]),
            quantity=quantity("quantity", cell["quantity"]),
            placed=london_time("placed", cell["placed"]),
            price=cells.price("price", cell["price"]),
            customer=_customer(cells.name("customer", cell["customer"])) if cell["customer"].strip() else "",
            country=cells.clean("country", cell["country"]),
        )

    def _reject_impossible(self, rows: list[InvoiceRow]) -> list[RejectedRow]:
        """Reject rows that can be parsed but cannot be true."""
        rejected = []
        customers = sorted({row.customer for row in rows})
        too_much = sum(row.quantity * row.price for row in rows if row.is_sale) >= cells.MAX_AMOUNT
        for row in rows:
            if row.prefix not in ("digit", "C", "A"):
                sentence = _("An invoice number begins with a digit, C or A.")
                rejected.append(self._reject(row.row, "invoice", sentence))
            elif row.is_sale and row.price < 0:
                rejected.append(self._reject(row.row, "price", _("The price of a sale cannot be negative.")))
            elif row.is_sale and too_much:
                sentence = _("The invoice amount is implausibly high. Check for a missing decimal separator.")
                rejected.append(self._reject(row.row, "price", sentence))
            elif row.is_sale and row.customer != customers[0]:
                sentence = _("The rows of this invoice name different customers. Correct one of them.")
                rejected.append(self._reject(row.row, "customer", sentence))
        return rejected

    def _reject_other_lines(self, rows: list[InvoiceRow], rejected: list[RejectedRow]) -> list[RejectedRow]:
        """Reject the other lines of the sale too: half an order is not what was paid."""
        lines = {other.row.line for other in rejected}
        sentence = _("Another row of this invoice was rejected (line %(line)d). Orders are only imported complete.")
        return [
            self._reject(row.row, "invoice", sentence % {"line": min(lines)})
            for row in rows
            if row.is_sale and row.row.line not in lines
        ]


def _customer(text: str) -> str:
    """The customer number; spreadsheets have turned it into a decimal number."""
    return text.strip().removesuffix(".0")


def _order(rows: list[InvoiceRow], *, number_column: str) -> SoldOrder:
    placed = min(row.placed for row in rows)
    return SoldOrder(
        number=rows[0].invoice,
        number_column=number_column,
        placed_at=placed.replace(tzinfo=LONDON).astimezone(UTC),
        buyer=Buyer(external_id=rows[0].customer),
        country=country_code(rows[0].country),
        currency="GBP",
        items=[
            SoldItem(
                row=row.row,
                sku=row.code,
                title=row.description.strip()[:LONGEST_TITLE],
                quantity=row.quantity,
                unit_price=row.price,
                is_goods=row.code.upper() not in CHARGES,
            )
            for row in rows
        ],
    )


def quantity(column: str, text: str) -> int:
    """Whole units, negative for cancellations and write-offs, never zero."""
    try:
        units = int(text)
    except ValueError:
        units = 0
    if not 0 < abs(units) <= MAX_UNITS:
        raise CellError(column, _("“%(text)s” is not a whole number of units.") % {"text": text[:MAX_LENGTH]})
    return units


def london_time(column: str, text: str) -> datetime:
    """A date and time without a zone: ISO, or month/day/year."""
    for parse in (datetime.fromisoformat, _us_datetime):
        try:
            result = parse(text.strip())
        except ValueError:
            continue
        if result.tzinfo is None and 1900 <= result.year <= 9000:
            return result
    raise CellError(
        column,
        _("“%(text)s” is not a date and time such as 2010-12-01 08:26:00.") % {"text": text[:MAX_LENGTH]},
    )


def _us_datetime(text: str) -> datetime:
    day, clock = text.split(" ")
    month, day_of_month, year = day.split("/")
    hour, minute = clock.split(":")[:2]
    return datetime(int(year) + (2000 if int(year) < 100 else 0), int(month), int(day_of_month), int(hour), int(minute))
