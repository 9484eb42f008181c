"""The columns of one format in one table, and rows seen through them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from signoff.imports.files.cells import CellError, clean, unshield
from signoff.imports.files.csv import Formula, Row, Table, normalise_title
from signoff.imports.files.rejected import RejectedRow
from signoff.imports.orders.parsed import SoldOrder
from signoff.imports.orders.pricing import check_order

type Columns = Mapping[str, Sequence[str]]
"""Our name of a column → what files call it."""


class RowErrors(Exception):
    """Several cells of one order cannot be understood."""

    def __init__(self, wrong: Sequence[CellError]) -> None:
        super().__init__(str(wrong[0]))
        self.wrong = wrong


class Layout:
    """Where our columns stand in ``grid``. Raises ``Unreadable`` where a needed one is missing."""

    def __init__(self, grid: Table, needed: Columns, also: Columns | None = None) -> None:
        self.grid = grid
        known = grid.known()
        places = grid.places(needed)
        for wanted, aliases in (also or {}).items():
            if found := [known[normalise_title(alias)] for alias in aliases if normalise_title(alias) in known]:
                places[wanted] = found[0]
        self.places = places
        self._width = len(grid.header)

    def records(self) -> Iterator["Record"]:
        return (Record(self, row) for row in self.grid.rows())

    def title(self, column: str) -> str:
        """What the file calls our column; our name where it has none."""
        return self.grid.header[self.places[column]] if column in self.places else column

    def cell(self, row: Row, column: str) -> str:
        place = self.places.get(column)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def check(self, row: Row) -> None:
        """Raises ``WrongCell`` for a row of another width, or with a formula or a zero byte in a cell that we read."""
        if len(row.cells) != self._width:
            raise CellError(
                next(iter(self.places)),
                _("The row has %(found)d cells and the header %(wanted)d. Look for a missing or extra comma.")
                % {"found": len(row.cells), "wanted": self._width},
            )
        for column, place in self.places.items():
            if isinstance(text := row.cells[place], Formula):
                sentence = _("This cell holds a formula. Replace it by its value; formulas are never computed here.")
                raise CellError(column, sentence)
            clean(column, text)

    def refuse(self, row: Row, column: str, sentence: str) -> RejectedRow:
        return RejectedRow(row, self.title(column), sentence)


@dataclass(frozen=True, slots=True)
class Record:
    """One row by our names; a column that the file does not have is empty."""

    layout: Layout
    row: Row

    def __getitem__(self, column: str) -> str:
        text = self.layout.cell(self.row, column)
        return unshield(text) if text else ""

    def has(self, column: str) -> bool:
        return column in self.layout.places

    def check(self) -> None:
        """Raises ``WrongCell`` where the row as a whole cannot be read."""
        try:
            self.layout.check(self.row)
        except CellError as wrong:
            wrong.row = self.row
            raise

    def read[T](self, column: str, understand: Callable[..., T], **facts: object) -> T:
        """The cell as ``understand(column, text)`` gives it; what that raises knows the row."""
        try:
            return understand(column, self.layout.cell(self.row, column), **facts)
        except CellError as wrong:
            wrong.row = wrong.row or self.row
            raise

    def wrong(self, column: str, sentence: str) -> CellError:
        return CellError(column, sentence, row=self.row)


def read_each[T](records: Iterable[Record], read: Callable[[Record], T]) -> list[T]:
    """``read`` for every record. Raises ``Troubles`` with all the cells that could not be understood."""
    done, wrong = [], []
    for record in records:
        try:
            done.append(read(record))
        except CellError as trouble:
            wrong.append(trouble)
    if wrong:
        raise RowErrors(wrong)
    return done


def read_order(
    layout: Layout, records: Sequence[Record], build: Callable[[Sequence[Record]], SoldOrder | None]
) -> Iterator[SoldOrder | RejectedRow]:
    """What ``build`` makes of the rows of one order, or all of them refused: an order is imported whole or not."""
    try:
        read_each(records, Record.check)
        if order := build(records):
            yield check_order(order)
    except RowErrors as troubles:
        yield from _reject_rows(layout, records, troubles.wrong)
    except CellError as wrong:
        yield from _reject_rows(layout, records, [wrong])


def _reject_rows(layout: Layout, records: Sequence[Record], troubles: Collection[CellError]) -> Iterator[RejectedRow]:
    rows = {(wrong.row or records[0].row).line: (wrong.row or records[0].row) for wrong in troubles}
    for wrong in troubles:
        yield layout.refuse(wrong.row or records[0].row, wrong.column, str(wrong))
    column = next(iter(layout.places))
    sentence = _("Another row of this order was refused (line %(line)d); an order is imported whole or not.")
    for record in records:
        if record.row.line not in rows:
            yield layout.refuse(record.row, column, sentence % {"line": min(rows)})


def common_value(records: Sequence[Record], column: str) -> str:
    """What the rows of one order say in a column that is about the order; empty cells say nothing.

    Raises ``WrongCell`` where they contradict each other.
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
            raise record.wrong(column, sentence % {"line": first.row.line, "text": first[column][:80]})
    return first[column] if first else ""


def first_with_value(records: Sequence[Record], column: str) -> Record:
    """The first row that says something in ``column``, else the first row; contradictions are refused."""
    if not common_value(records, column):
        return records[0]
    return next(record for record in records if record[column])


def reject_duplicate_lines(records: Sequence[Record], column: str) -> None:
    """Raises ``Troubles`` where two lines of an order have one id."""
    seen: dict[str, int] = {}
    wrong: list[CellError] = []
    for record in records:
        if (name := record[column]) and name in seen:
            sentence = _("Another line of this order has the same id (line %(line)d).")
            wrong.append(record.wrong(column, sentence % {"line": seen[name]}))
        seen.setdefault(name, record.row.line)
    if wrong:
        raise RowErrors(wrong)
