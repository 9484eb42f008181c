"""The CSV file of rejected rows: line, column, sentence and the row itself, with formulas escaped."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from signoff.imports.files.csv import REPORT_COLUMNS, Row
from signoff.web.spreadsheet import safe_cell


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not imported, the column with the error, and a sentence that says what to do.

    Of a JSON file ``column`` is the path from its root (``$.orders[0].line_items[2].quantity``) and
    ``row.line`` counts its orders from 1. ``file`` names the file where there were several.
    """

    row: Row
    column: str
    sentence: str
    file: str = ""


class RejectedRowsFile:
    """Writes rejected rows to ``path``, or to the folder ``fallback`` if that is not writable.

    The file is created with its first row; one of an earlier run is removed. It has a byte order mark, by which
    spreadsheets recognise UTF-8, and can be uploaded again unchanged (``csv.REPORT_COLUMNS``).
    """

    def __init__(self, path: Path, *, fallback: Path, header: Sequence[str]) -> None:
        self.path = _writable_path(path, fallback)
        self.header = header
        self.count = 0
        self._file: TextIO | None = None
        self._writer: Any = None

    def add(self, rejected: RejectedRow) -> None:
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._write([*REPORT_COLUMNS, *self.header])
        column = f"{rejected.file}: {rejected.column}" if rejected.file else rejected.column
        self._write([str(rejected.row.line), column, rejected.sentence, *rejected.row.cells])
        self.count += 1

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _write(self, cells: Sequence[str]) -> None:
        self._writer.writerow([safe_cell(cell) for cell in cells])


def _writable_path(path: Path, fallback: Path) -> Path:
    """``path``, or the same name in ``fallback``, whichever is writable; an existing file is removed."""
    try:
        path.open("w").close()
    except OSError:
        fallback.mkdir(parents=True, exist_ok=True)
        path = fallback / path.name
    path.unlink(missing_ok=True)
    return path
