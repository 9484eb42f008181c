"""Tables with a header, row by row with line numbers; they can be read more than once. Here: CSV, plain or gzipped."""

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
from signoff.web.spreadsheet import as_it_was

PROGRESS_ROWS = 1000
REPORT_COLUMNS = ["line", "column", "sentence"]
"""What stands before the cells of a row in our own list of refused rows."""
DELIMITERS = ",;\t"
QUOTED_TEXT = re.compile('"[^"]*"')
HEADER_CHARACTERS = 65_536
ASCII = bytes(range(128))
#: level one of GB 2312 and its punctuation: nearly all of Chinese text, and seldom two Latin letters
COMMON_HANZI = re.compile(rb"[\xb0-\xd7\xa1-\xa3][\xa1-\xfe]")
type ReadBlocks = Callable[[], Iterator[bytes]]


class Formula(str):
    """A cell that the spreadsheet would compute. It is kept to be shown and never evaluated."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the line of the file on which it begins."""

    line: int
    cells: list[str]


class Table(ABC):
    """``lines`` is how many lines the file has; ``progress_callback`` is called with the rows read since its last call.

    Our own list of refused rows reads like the file that they come from, so that it can be mended and sent again.
    """

    path: Path
    header: list[str]
    before: int = 0
    lines: int = 0
    progress_callback: Callable[[int], object] | None = None

    @abstractmethod
    def _numbered(self) -> Iterator[Row]:
        """All rows below the header, without empty ones."""

    def rows(self) -> Iterator[Row]:
        """All rows below the header, without empty lines."""
        unseen = 0
        for row in self._numbered():
            yield self._unlisted(row) if self.before else row
            unseen += 1
            if unseen == PROGRESS_ROWS and self.progress_callback:
                self.progress_callback(unseen)
                unseen = 0
        if unseen and self.progress_callback:
            self.progress_callback(unseen)

    def _titles(self, header: list[str]) -> list[str]:
        """The header without what we have put before it."""
        self.before = len(REPORT_COLUMNS) if header[: len(REPORT_COLUMNS)] == REPORT_COLUMNS else 0
        return header[self.before :]

    def _unlisted(self, row: Row) -> Row:
        return Row(row.line, [_unescape(cell) for cell in row.cells[self.before :]])

    def places(self, names: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """Where each wanted column stands, by any of its names. Raises ``Unreadable`` for a missing one."""
        known = self.known()
        places = {}
        for wanted, aliases in names.items():
            found = [known[normalise_title(alias)] for alias in aliases if normalise_title(alias) in known]
            if not found:
                raise UnreadableFile(
                    _("The file has no column “%(column)s”. Its columns are: %(columns)s.")
                    % {"column": aliases[0], "columns": ", ".join(self.header)}
                )
            places[wanted] = found[0]
        return places

    def known(self) -> dict[str, int]:
        """Where columns stand, by folded title; of two with one title the left one."""
        return {normalise_title(title): place for place, title in reversed(list(enumerate(self.header)))}

    def has(self, *titles: str) -> bool:
        """Whether there are columns of all these titles."""
        return {normalise_title(title) for title in titles} <= self.known().keys()


class CsvTable(Table):
    """A CSV file. What separates its cells (comma, semicolon or tab) is seen in the header."""

    def __init__(self, path: Path) -> None:
        self.path = path
        detect_kind(path)
        self.encoding, self.lines = detect_encoding(lambda: read_blocks(path))
        self.delimiter = self._delimiter()
        self.header = self._header()

    def _numbered(self) -> Iterator[Row]:
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
        return self._titles([name.strip().removeprefix("\ufeff") for name in header])

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
    """The cell as it was before we listed it; what has become a formula since then stays one."""
    return cell if isinstance(cell, Formula) else as_it_was(cell)


def normalise_title(title: str) -> str:
    """A column's title without what people and programs change in it: spaces, capitals, full width."""
    return "".join(unicodedata.normalize("NFKC", title).split()).casefold()


def detect_encoding(blocks: ReadBlocks) -> tuple[str, int]:
    """The encoding that fits the whole file, and how many lines it has. Raises ``Unreadable``.

    Nearly all bytes are valid Windows-1252 and many are valid GB 18030 too, so where it is not UTF-8 the
    bytes are counted: in Chinese they come in pairs, accents stand alone. GB 18030 reads GBK as well.
    """
    for encoding in _candidate_encodings(blocks):
        try:
            return encoding, _count_lines(blocks, encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("The file is text in neither UTF-8, GB 18030 nor Windows-1252. Save it as CSV UTF-8."))


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
