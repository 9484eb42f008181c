"""XLSX spreadsheets: the rows of the first sheet that is not empty. Formulas are never evaluated."""

import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from signoff.imports.files.csv import HEADER_ROWS, Formula, Row, Table, find_header
from signoff.imports.files.dates import SheetNumber
from signoff.imports.files.sniff import MAX_BYTES, UnreadableFile, too_big_text

MAX_ROWS = 1_048_576
MAX_STRING_BYTES = 256 * 1024**2
CHUNK_ROWS = 1000
EXACT_DIGITS = 15
FIRST_DAY, LAST_DAY = 10_000, 99_999  # numbers that may be days
CONSTANT_FORMULA = re.compile(r'="[^"]*"\Z')
"""A formula that is only a text: how exports protect long numbers."""
DAMAGE_ERRORS = (
    ArithmeticError, AttributeError, BadZipFile, EOFError, InvalidFileException, LookupError, OSError, ParseError,
    RuntimeError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
"""What openpyxl raises for damaged workbooks."""


class XlsxTable(Table):
    """Streams the rows; only the workbook's shared strings are held in memory, and their size is limited.


    It may unpack to ``max_bytes`` bytes.
    """

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._check_size(max_bytes)
        rows = list(islice(self._all_rows(), HEADER_ROWS))
        place = find_header([row.cells for row in rows])
        if place is None:
            raise UnreadableFile(_("The file is empty."))
        self.header = self._make_header([title.strip() for title in rows[place].cells])
        self.rows_above = place

    def _numbered_rows(self) -> Iterator[Row]:
        width = self.report_columns + len(self.header)
        for row in islice(self._all_rows(), self.rows_above + 1, None):
            cells = row.cells + [""] * (width - len(row.cells))
            while len(cells) > width and not cells[-1]:
                cells.pop()
            yield Row(row.line, cells)

    def _all_rows(self) -> Iterator[Row]:
        """Every row that is not empty, the header included."""
        try:
            with self.path.open("rb") as file:  # given a path, openpyxl would judge it by its extension
                yield from _first_sheet(file)
        except DAMAGE_ERRORS as wrong:
            raise UnreadableFile(
                _(
                    "The spreadsheet is damaged, or it is not a spreadsheet. Open it and save it again as XLSX or "
                    "CSV UTF-8."
                )
            ) from wrong

    def _check_size(self, max_bytes: int) -> None:
        """Reject archives that unpack to more than the limits (zip bombs)."""
        try:
            with ZipFile(self.path) as archive:
                sizes = {member.filename: member.file_size for member in archive.infolist()}
        except DAMAGE_ERRORS as wrong:
            raise UnreadableFile(_("The file is a damaged spreadsheet or archive. Save it again.")) from wrong
        if not any(name.startswith("xl/") for name in sizes):
            raise UnreadableFile(_("This is an archive. Unzip it and upload the files inside."))
        for limit, size in (
            (max_bytes, sum(sizes.values())),
            (MAX_STRING_BYTES, sizes.get("xl/sharedStrings.xml", 0)),
        ):
            if size > limit:
                raise UnreadableFile(too_big_text(size, limit))


def _first_sheet(file: BinaryIO) -> Iterator[Row]:
    """The rows of the first sheet that is not empty."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = load_workbook(file, read_only=True, keep_links=False)
    try:
        for sheet in workbook.worksheets:
            rows = _rows(sheet, workbook.epoch)
            if first := next(rows, None):
                yield first
                yield from rows
                return
    finally:
        workbook.close()


def _rows(sheet: Any, epoch: datetime) -> Iterator[Row]:
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(max_row=MAX_ROWS), start=1)
    while True:
        with warnings.catch_warnings():  # openpyxl warns about styles and validations, which do not matter here
            warnings.simplefilter("ignore")
            chunk = list(islice(rows, CHUNK_ROWS))
        if not chunk:
            return
        for line, cells in chunk:
            texts = [_cell_text(cell, epoch) for cell in cells]
            if any(texts):
                yield Row(line, texts)


def _cell_text(cell: Any, epoch: datetime) -> str:
    """The cell's text as in a CSV file; of a number that may be a day also the workbook's ``epoch`` (1900 or 1904)."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        formula = str(getattr(value, "text", value))
        return formula if CONSTANT_FORMULA.match(formula) else Formula(formula)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        text = _number_text(value)
        return _sheet_number(text, epoch) if FIRST_DAY <= value <= LAST_DAY else text
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def _sheet_number(text: str, epoch: datetime) -> SheetNumber:
    number = SheetNumber(text)
    number.epoch = epoch
    return number


def _number_text(value: float) -> str:
    """Fifteen digits, as a spreadsheet shows. A longer, rounded number keeps its exponent and is rejected."""
    if isinstance(value, int) and (len(digits := str(abs(value))) <= EXACT_DIGITS or digits[EXACT_DIGITS:].strip("0")):
        return str(value)
    return f"{value:.15g}"
