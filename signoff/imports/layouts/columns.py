"""Reads rows by our names of columns, and rejects an order whole when one of its cells cannot be parsed."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from signoff.imports.files.cells import CellError, clean, unshield
from signoff.imports.files.csv import Formula, Row, Table, normalise_title
from signoff.imports.files.rejected import RejectedRow
from signoff.imports.orders.parsed import SoldOrder
from signoff.imports.orders.pricing import check_order

type Columns = Mapping[str, Sequence[str]]
"""Our name of a column → its titles in files."""


LEAST_WIDTH, MOST_IN_NOTE = 4, 3
#: how notes and totals in and below a table begin
NOTE = re.compile(
    r"\W*(?:(?:grand |sub)?totals?|sum|summe|(?:zwischen|gesamt)summe|gesamt|total(?:e|es)? g[eé]n[eé]ral\w*|totale"
    r"|合计|总计|小计|合計|總計|小計|共计|\d+\s+records?|records?|seller id|end of (?:report|file)|exported|generated"
    r"|report|export|导出|匯出|制表)(?![a-z0-9])",
    re.IGNORECASE,
)


class RowErrors(Exception):
    """Several cells of one order cannot be parsed."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__(str(errors[0]))
        self.errors = errors

    def __reduce__(self) -> tuple[type["RowErrors"], tuple[Sequence[CellError]]]:
        return type(self), (self.errors,)


class Layout:
    """Our columns in a table, by index. Raises ``UnreadableFile`` if a required one is missing."""

    def __init__(self, table: Table, required: Columns, optional: Columns | None = None) -> None:
        self.table = table
        titles = table.title_indexes()
        indexes = table.find_columns(required)
        for column, aliases in (optional or {}).items():
            if matches := [titles[normalise_title(alias)] for alias in aliases if normalise_title(alias) in titles]:
                indexes[column] = matches[0]
        self.indexes = indexes
        self._width = len(table.header)

    def records(self) -> Iterator["Record"]:
        """The rows of data. Notes and totals between and below them are left out and counted (``table.skipped``)."""
        held: list[Row] = []
        for row in self.table.rows():
            if self._may_be_note(row):
                held.append(row)
                continue
            yield from (Record(self, note) for note in self._unskipped(held))
            held.clear()
            yield Record(self, row)
        self.table.skipped += len(held)

    def _unskipped(self, held: Sequence[Row]) -> list[Row]:
        """The rows that are no clear notes, because data follow them."""
        rows = [row for row in held if not NOTE.match(_text(row))]
        self.table.skipped += len(held) - len(rows)
        return rows

    def _may_be_note(self, row: Row) -> bool:
        """Whether the row has next to nothing: a sentence, a total, a count of records."""
        if self._width < LEAST_WIDTH:
            return False
        filled = list(islice((cell for cell in row.cells if cell and not cell.isspace()), MOST_IN_NOTE + 1))
        if len(filled) > MOST_IN_NOTE:
            return False
        is_sentence = len(filled) == 1 and " " in filled[0].strip()
        return bool(NOTE.match(_text(row))) or is_sentence or self._has_only_figures(row)

    def _has_only_figures(self, row: Row) -> bool:
        """Whether the row names neither order nor article nor time, as the sums below a table do."""
        named = ("number", "article", "title", "placed", "sku")
        return "number" in self.indexes and not any(self.cell(row, column).strip() for column in named)

    def title(self, column: str) -> str:
        """The file's title of our column, or our name of a column that it lacks."""
        return self.table.header[self.indexes[column]] if column in self.indexes else column

    def cell(self, row: Row, column: str) -> str:
        index = self.indexes.get(column)
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    def check(self, row: Row) -> None:
        """Raises ``CellError`` for a row of another width, or a formula or NUL character in a cell that we read."""
        if len(row.cells) != self._width:
            raise CellError(
                next(iter(self.indexes)),
                _("The row has %(found)d cells, the header has %(wanted)d. Look for a missing or extra comma.")
                % {"found": len(row.cells), "wanted": self._width},
            )
        for column, index in self.indexes.items():
            if isinstance(text := row.cells[index], Formula):
                sentence = _(
                    "This cell contains a formula. Replace it with its value; formulas are not calculated here."
                )
                raise CellError(column, sentence)
            clean(column, text)

    def reject(self, row: Row, column: str, sentence: str) -> RejectedRow:
        return RejectedRow(row, self.title(column), sentence)


def _text(row: Row) -> str:
    return " ".join(cell for cell in row.cells if cell and not cell.isspace())


@dataclass(frozen=True, slots=True)
class Record:
    """A row whose cells are read by the names of our fields; the cell of a missing column is empty."""

    layout: Layout
    row: Row

    def __getitem__(self, column: str) -> str:
        text = self.layout.cell(self.row, column)
        return unshield(text) if text else ""

    def has(self, column: str) -> bool:
        return column in self.layout.indexes

    def check(self) -> None:
        """Raises ``CellError`` if the row as a whole cannot be read."""
        try:
            self.layout.check(self.row)
        except CellError as error:
            error.row = self.row
            raise

    def read[T](self, column: str, parse: Callable[..., T], **options: object) -> T:
        """The cell parsed by ``parse(column, text)``; its ``CellError`` gets the row."""
        try:
            return parse(column, self.layout.cell(self.row, column), **options)
        except CellError as error:
            error.row = error.row or self.row
            raise

    def error(self, column: str, sentence: str) -> CellError:
        return CellError(column, sentence, row=self.row)


def read_each[T](records: Iterable[Record], read: Callable[[Record], T]) -> list[T]:
    """``read`` for every record. Raises ``RowErrors`` with all cells that cannot be parsed, not only the first."""
    values, errors = [], []
    for record in records:
        try:
            values.append(read(record))
        except CellError as error:
            errors.append(error)
    if errors:
        raise RowErrors(errors)
    return values


def read_order(
    layout: Layout, records: Sequence[Record], build: Callable[[Sequence[Record]], SoldOrder | None]
) -> Iterator[SoldOrder | RejectedRow]:
    """The order that ``build`` makes of its rows, or all its rows rejected: an order is imported whole or not."""
    try:
        read_each(records, Record.check)
        if order := build(records):
            yield check_order(order)
    except RowErrors as row_errors:
        yield from _reject_rows(layout, records, row_errors.errors)
    except CellError as error:
        yield from _reject_rows(layout, records, [error])


def _reject_rows(layout: Layout, records: Sequence[Record], errors: Collection[CellError]) -> Iterator[RejectedRow]:
    rows = {(error.row or records[0].row).line: (error.row or records[0].row) for error in errors}
    for error in errors:
        yield layout.reject(error.row or records[0].row, error.column, str(error))
    column = next(iter(layout.indexes))
    sentence = _("Another row of this order was rejected (line %(line)d). Orders are only imported complete.")
    for record in records:
        if record.row.line not in rows:
            yield layout.reject(record.row, column, sentence % {"line": min(rows)})


def common_value(records: Sequence[Record], column: str) -> str:
    """The value of an order's column, which may be on any of its rows; empty cells are ignored.

    Raises ``CellError`` if rows contradict each other.
    """
    first = None
    if not records[0].has(column):
        return ""
    for record in records:
        if not (text := record[column]):
            continue
        if first is None:
            first = record
        elif text != first[column]:
            sentence = _("The rows of this order contradict each other: line %(line)d says “%(text)s”.")
            raise record.error(column, sentence % {"line": first.row.line, "text": first[column][:80]})
    return first[column] if first else ""


def first_with_value(records: Sequence[Record], column: str) -> Record:
    """The first row with a value in ``column``, else the first row. Raises ``CellError`` as ``common_value``."""
    if not records[0].has(column) or not common_value(records, column):
        return records[0]
    return next(record for record in records if record[column])


def reject_duplicate_lines(records: Sequence[Record], column: str) -> None:
    """Raises ``RowErrors`` if two lines of an order have the same id."""
    lines: dict[str, int] = {}
    errors: list[CellError] = []
    for record in records:
        if (line_id := record[column]) and line_id in lines:
            sentence = _("Another line of this order has the same id (line %(line)d).")
            errors.append(record.error(column, sentence % {"line": lines[line_id]}))
        lines.setdefault(line_id, record.row.line)
    if errors:
        raise RowErrors(errors)
