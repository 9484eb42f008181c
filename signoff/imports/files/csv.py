"""Tables: the base class for CSV and XLSX, and CSV files (plain or gzipped) with detected encoding and delimiter."""

import csv
import re
import unicodedata
import zlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TextIO

from django.utils.translation import gettext as _

from signoff.imports.files.encodings import chosen_encoding, detect_encoding
from signoff.imports.files.sniff import (
    UnreadableFile,
    detect_kind,
    open_unpacked,
    read_blocks,
    read_error_text,
)
from signoff.web.spreadsheet import original_cell

PROGRESS_ROWS = 1000  # rows between two calls of ``progress_callback``
REPORT_COLUMNS = ["line", "column", "sentence"]
"""Columns that our file of rejected rows puts before those of the upload."""
DELIMITERS = ",;\t|"
#: a first line by which a spreadsheet says its delimiter
DELIMITER_LINE = re.compile(r'"?sep=(.)"?\s*\Z', re.IGNORECASE)
HEADER_ROWS = 30  # rows among which the header is looked for
NUMBER_OR_DATE = re.compile(r"[\d\W_]*\d[\d\W_]*\Z")
QUOTED_TEXT = re.compile('"[^"]*"')
HEADER_CHARACTERS = 65_536


class Formula(str):
    """The text of a formula cell: shown in messages, never evaluated."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the line of the file on which it begins."""

    line: int
    cells: list[str]


class Table(ABC):
    """A table with a header, which can be read several times.

    ``lines`` is the number of lines of the file; ``progress_callback`` gets the rows read since its last call.
    ``skipped`` counts the rows above the header and the rows that are no data, as far as the table has been read.
    A file of rejected rows is read as if it were the original, so that it can be corrected and uploaded again.
    """

    path: Path
    header: list[str]
    report_columns: int = 0
    lines: int = 0
    rows_above: int = 0
    skipped: int = 0
    #: a person has to choose the encoding before anything is stored
    is_undecided: bool = False
    progress_callback: Callable[[int], object] | None = None

    @abstractmethod
    def _numbered_rows(self) -> Iterator[Row]:
        """All rows below the header with their line numbers."""

    def rows(self) -> Iterator[Row]:
        """All rows below the header, without empty rows and without the columns of our report."""
        unreported, self.skipped = 0, self.rows_above
        for numbered in self._numbered_rows():
            row = self._strip_report_columns(numbered) if self.report_columns else numbered
            if any(cell and not cell.isspace() for cell in row.cells):
                yield row
            else:
                self.skipped += 1
            unreported += 1
            if unreported == PROGRESS_ROWS and self.progress_callback:
                self.progress_callback(unreported)
                unreported = 0
        if unreported and self.progress_callback:
            self.progress_callback(unreported)

    def _make_header(self, titles: list[str]) -> list[str]:
        """The titles without the columns of our report and without empty ones at the end, each only once."""
        while len(titles) > 1 and not titles[-1]:
            titles.pop()
        self.report_columns = len(REPORT_COLUMNS) if titles[: len(REPORT_COLUMNS)] == REPORT_COLUMNS else 0
        return unique_titles(titles[self.report_columns :])

    def _strip_report_columns(self, row: Row) -> Row:
        return Row(row.line, [_unescape(cell) for cell in row.cells[self.report_columns :]])

    def find_columns(self, names: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """Indexes of the columns by our names; each has one of several titles. Raises ``UnreadableFile``."""
        indexes = self.title_indexes()
        columns = {}
        for name, aliases in names.items():
            matches = [indexes[normalise_title(alias)] for alias in aliases if normalise_title(alias) in indexes]
            if not matches:
                raise UnreadableFile(
                    _("The file has no column “%(column)s”. Its columns are: %(columns)s.")
                    % {"column": aliases[0], "columns": ", ".join(self.header)}
                )
            columns[name] = matches[0]
        return columns

    def title_indexes(self) -> dict[str, int]:
        """Indexes by normalised title."""
        return {normalise_title(title): place for place, title in reversed(list(enumerate(self.header)))}

    def has(self, *titles: str) -> bool:
        """Whether the table has all these titles."""
        return {normalise_title(title) for title in titles} <= self.title_indexes().keys()


class CsvTable(Table):
    """A CSV file. Its encoding (unless given), delimiter and header are detected.

    Rows with bytes that are not in the encoding keep U+FFFD in their place, by which they are rejected.
    """

    def __init__(self, path: Path, *, encoding: str = "") -> None:
        self.path = path
        detect_kind(path)
        blocks = partial(read_blocks, path)
        detected = chosen_encoding(blocks, encoding) if encoding else detect_encoding(blocks)
        self.encoding, self.lines = detected.name, detected.lines
        self.is_undecided = not detected.is_certain
        self._errors = "replace" if detected.is_damaged else "strict"
        self.delimiter = self._delimiter()
        self.header, self.rows_above, self._header_line = self._find_header()

    def _numbered_rows(self) -> Iterator[Row]:
        width = self.report_columns + len(self.header)
        for row in self._all_rows():
            if row.line > self._header_line:
                # as many empty cells behind the row as behind the header; more are a stray delimiter
                while width < len(row.cells) <= self._header_width and not row.cells[-1]:
                    row.cells.pop()
                yield row

    def _all_rows(self) -> Iterator[Row]:
        """Every row of the file, with the line on which it begins."""
        with self._open() as text:
            lines = csv.reader(text, delimiter=self.delimiter)
            start = 1
            while (cells := self._next(lines)) is not None:
                yield Row(start, cells)
                start = lines.line_num + 1

    def _delimiter(self) -> str:
        """The one that most rows have equally often, and of several the one that they have most often."""
        with self._open() as text:
            start = text.read(HEADER_CHARACTERS)
        first, *_more = start.lstrip("\ufeff\r\n").split("\n", 1)
        if stated := DELIMITER_LINE.match(first):
            return stated[1]
        plain = QUOTED_TEXT.sub("", start).splitlines()[: HEADER_ROWS * 2]
        lines = [line for line in plain if line.strip()][:HEADER_ROWS]
        counts = {mark: Counter(line.count(mark) for line in lines) for mark in DELIMITERS}
        usual = {mark: counted.most_common(1)[0] for mark, counted in counts.items() if counted}
        regular = {mark: (rows, count) for mark, (count, rows) in usual.items() if count and rows * 5 >= len(lines) * 3}
        if regular:
            return max(regular, key=lambda mark: regular[mark])
        return max(DELIMITERS, key=lambda mark: lines[0].count(mark) if lines else 0)

    def _find_header(self) -> tuple[list[str], int, int]:
        """The titles, the number of rows above them, and their line."""
        rows = list(islice(self._all_rows(), HEADER_ROWS))
        if rows and rows[0].cells and DELIMITER_LINE.match(self.delimiter.join(rows[0].cells)):
            rows[0].cells.clear()
        place = find_header([row.cells for row in rows])
        if place is None:
            raise UnreadableFile(_("The file is empty."))
        titles = [title.strip().removeprefix("\ufeff") for title in rows[place].cells]
        self._header_width = len(titles)
        return self._make_header(titles), place, rows[place].line

    def _next(self, lines: Iterator[list[str]]) -> list[str] | None:
        try:
            return next(lines, None)
        except csv.Error as wrong:
            raise UnreadableFile(_("The file is not CSV: %(why)s.") % {"why": wrong}) from wrong
        except (OSError, EOFError, zlib.error) as wrong:
            raise UnreadableFile(read_error_text(wrong)) from wrong

    def _open(self) -> TextIO:
        return TextIOWrapper(open_unpacked(self.path), encoding=self.encoding, errors=self._errors, newline="")


def _unescape(cell: str) -> str:
    """Undo the escaping of our report; a cell that has become a formula since then stays one."""
    return cell if isinstance(cell, Formula) else original_cell(cell)


def normalise_title(title: str) -> str:
    """A column title without differences in spaces, case and full-width characters."""
    return "".join(unicodedata.normalize("NFKC", title).split()).casefold()


def unique_titles(titles: Sequence[str]) -> list[str]:
    """The titles, with a number behind each that repeats another: "Price", "Price (2)"."""
    given = {normalise_title(title) for title in titles}
    seen, unique = set[str](), list[str]()
    for title in titles:
        name, count = title, 2
        if title and normalise_title(title) in seen:
            while normalise_title(name := f"{title} ({count})") in given | seen:
                count += 1
        seen.add(normalise_title(name))
        unique.append(name)
    return unique


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the header among the first rows: the first row that is at least half as wide as most.

    A narrower row above is a title or a note, and so is one with numbers if a wider row follows. ``None`` if all rows
    are empty.
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    usual = median([count for count in filled if count] or [0])
    wide = [place for place, count in enumerate(filled) if count > 1 and count * 2 > usual]
    for place in wide:
        is_wider_later = any(filled[later] > filled[place] for later in wide if later > place)
        if not (is_wider_later and any(NUMBER_OR_DATE.match(cell.strip()) for cell in rows[place] if cell.strip())):
            return place
    return next((place for place, count in enumerate(filled) if count), None)
