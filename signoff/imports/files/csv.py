"""Tables: the base class for CSV and XLSX, and CSV files (plain or gzipped) with detected encoding and delimiter."""

import codecs
import csv
import re
import unicodedata
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from signoff.imports.files.sniff import (
    UTF16_MARKS,
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
DELIMITERS = ",;\t"
QUOTED_TEXT = re.compile('"[^"]*"')
HEADER_CHARACTERS = 65_536
ASCII = bytes(range(128))
#: level one of GB 2312 and its punctuation: nearly all of Chinese text, and seldom two Latin letters
COMMON_HANZI = re.compile(rb"[\xb0-\xd7\xa1-\xa3][\xa1-\xfe]")
type ReadBlocks = Callable[[], Iterator[bytes]]


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
    A file of rejected rows is read as if it were the original, so that it can be corrected and uploaded again.
    """

    path: Path
    header: list[str]
    report_columns: int = 0
    lines: int = 0
    progress_callback: Callable[[int], object] | None = None

    @abstractmethod
    def _numbered_rows(self) -> Iterator[Row]:
        """All rows below the header with their line numbers, without empty rows."""

    def rows(self) -> Iterator[Row]:
        """All rows below the header, without empty rows and without the columns of our report."""
        unreported = 0
        for row in self._numbered_rows():
            yield self._strip_report_columns(row) if self.report_columns else row
            unreported += 1
            if unreported == PROGRESS_ROWS and self.progress_callback:
                self.progress_callback(unreported)
                unreported = 0
        if unreported and self.progress_callback:
            self.progress_callback(unreported)

    def _strip_report_titles(self, header: list[str]) -> list[str]:
        """The header without the columns of our report."""
        self.report_columns = len(REPORT_COLUMNS) if header[: len(REPORT_COLUMNS)] == REPORT_COLUMNS else 0
        return header[self.report_columns :]

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
        """Indexes by normalised title; of two columns with one title the left one wins."""
        return {normalise_title(title): place for place, title in reversed(list(enumerate(self.header)))}

    def has(self, *titles: str) -> bool:
        """Whether the table has all these titles."""
        return {normalise_title(title) for title in titles} <= self.title_indexes().keys()


class CsvTable(Table):
    """A CSV file. Its delimiter (comma, semicolon or tab) is detected in the header."""

    def __init__(self, path: Path) -> None:
        self.path = path
        detect_kind(path)
        self.encoding, self.lines = detect_encoding(lambda: read_blocks(path))
        self.delimiter = self._delimiter()
        self.header = self._header()

    def _numbered_rows(self) -> Iterator[Row]:
        with self._open() as text:
            lines = csv.reader(text, delimiter=self.delimiter)
            start = 1
            while (cells := self._next(lines)) is not None:
                if start > 1 and cells:
                    yield Row(start, cells)
                start = lines.line_num + 1

    def _delimiter(self) -> str:
        with self._open() as text:
            first = QUOTED_TEXT.sub("", text.read(HEADER_CHARACTERS)).lstrip().split("\n", 1)[0]
        return max(DELIMITERS, key=first.count)

    def _header(self) -> list[str]:
        with self._open() as text:
            header = self._next(csv.reader(text, delimiter=self.delimiter))
        if not header:
            raise UnreadableFile(_("The file is empty."))
        return self._strip_report_titles([name.strip().removeprefix("\ufeff") for name in header])

    def _next(self, lines: Iterator[list[str]]) -> list[str] | None:
        try:
            return next(lines, None)
        except csv.Error as wrong:
            raise UnreadableFile(_("The file is not CSV: %(why)s.") % {"why": wrong}) from wrong
        except (OSError, EOFError, zlib.error) as wrong:
            raise UnreadableFile(read_error_text(wrong)) from wrong

    def _open(self) -> TextIO:
        return TextIOWrapper(open_unpacked(self.path), encoding=self.encoding, newline="")


def _unescape(cell: str) -> str:
    """Undo the escaping of our report; a cell that has become a formula since then stays one."""
    return cell if isinstance(cell, Formula) else original_cell(cell)


def normalise_title(title: str) -> str:
    """A column title without differences in spaces, case and full-width characters."""
    return "".join(unicodedata.normalize("NFKC", title).split()).casefold()


def detect_encoding(blocks: ReadBlocks) -> tuple[str, int]:
    """The encoding of the whole file, and its number of lines. Raises ``UnreadableFile``.

    Nearly all bytes are valid Windows-1252 and many are valid GB 18030 too, so where it is not UTF-8 the
    bytes are counted: in Chinese they come in pairs, accented letters are single. GB 18030 reads GBK as well.
    """
    for encoding in _candidate_encodings(blocks):
        try:
            return encoding, _count_lines(blocks, encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("The file is not in UTF-8, GB 18030 or Windows-1252. Save it as CSV UTF-8."))


def _candidate_encodings(blocks: ReadBlocks) -> Iterator[str]:
    if next(blocks(), b"").startswith(UTF16_MARKS):
        yield "utf-16"
        return
    yield "utf-8-sig"
    high = paired = 0
    for block in blocks():
        high += len(block.translate(None, ASCII))
        paired += 2 * len(COMMON_HANZI.findall(block))
    yield from ("gb18030", "cp1252") if paired * 2 >= high else ("cp1252", "gb18030")


def _count_lines(blocks: ReadBlocks, encoding: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, text = 0, ""
    for block in blocks():
        text = decoder.decode(block) or text
        lines += text.count("\n")
    decoder.decode(b"", final=True)
    return lines + (not text.endswith("\n"))
