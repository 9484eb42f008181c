"""A CSV file, plain or gzipped, row by row with line numbers; it can be read more than once."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

ENCODINGS = ("utf-8-sig", "cp1252")
TICK = 1000


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the line of the file on which it begins."""

    line: int
    cells: list[str]


class Table:
    """``lines`` is how many lines the file has; ``advance`` is called with the rows read since its last call."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.advance: Callable[[int], object] | None = None
        self.lines = 0
        self.encoding = self._encoding()
        self.header = self._header()

    def rows(self) -> Iterator[Row]:
        """All rows below the header, without empty lines."""
        with self._open(self.encoding) as text:
            lines = csv.reader(text)
            start, unseen = 1, 0
            while (cells := self._next(lines)) is not None:
                if start > 1 and cells:
                    yield Row(start, cells)
                    unseen += 1
                if unseen == TICK and self.advance:
                    self.advance(unseen)
                    unseen = 0
                start = lines.line_num + 1
            if unseen and self.advance:
                self.advance(unseen)

    def places(self, names: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """Where each wanted column stands, by any of its names. Raises ``Unreadable`` for a missing one."""
        known = {_folded(name): place for place, name in enumerate(self.header)}
        places = {}
        for wanted, aliases in names.items():
            found = [known[_folded(alias)] for alias in aliases if _folded(alias) in known]
            if not found:
                raise Unreadable(
                    _("The file has no column “%(column)s”. Its columns are: %(columns)s.")
                    % {"column": aliases[0], "columns": ", ".join(self.header)}
                )
            places[wanted] = found[0]
        return places

    def _header(self) -> list[str]:
        with self._open(self.encoding) as text:
            header = self._next(csv.reader(text))
        if not header:
            raise Unreadable(_("The file is empty."))
        return [name.strip() for name in header]

    def _next(self, lines: Iterator[list[str]]) -> list[str] | None:
        try:
            return next(lines, None)
        except csv.Error as wrong:
            raise Unreadable(_("The file is not CSV: %(why)s.") % {"why": wrong}) from wrong

    def _encoding(self) -> str:
        """The first encoding that fits the whole file."""
        for encoding in ENCODINGS:
            try:
                with self._open(encoding) as text:
                    self.lines = sum(1 for _line in text)
            except UnicodeDecodeError:
                continue
            except (OSError, EOFError, zlib.error) as wrong:
                raise Unreadable(_("The file cannot be read: %(why)s.") % {"why": wrong}) from wrong
            return encoding
        raise Unreadable(_("The file is text in neither UTF-8 nor Windows-1252. Save it as CSV UTF-8."))

    def _open(self, encoding: str) -> TextIO:
        if self.path.suffix == ".gz":
            return gzip.open(self.path, "rt", encoding=encoding, newline="")
        return self.path.open(encoding=encoding, newline="")


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()
