"""Looks up rows of companion files by key, in a temporary SQLite file, so that memory does not grow with them."""

import json
import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Self

from signoff.imports.files.csv import Row
from signoff.imports.layouts.columns import Layout, Record

INSERT_ROWS = 5000


class CompanionIndex:
    """Rows of several files by file name and key. A context manager: the file is deleted afterwards."""

    def __init__(self) -> None:
        self._layouts: dict[str, Layout] = {}
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.execute("CREATE TABLE companion_rows (name, key, line, cells)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._database.close()

    def add_rows(self, name: str, layout: Layout, key: str) -> None:
        """Add all rows of ``layout`` by their cell ``key``."""
        self._layouts[name] = layout
        rows = (
            (name, record[key], record.row.line, json.dumps(record.row.cells, ensure_ascii=False))
            for record in layout.records()
        )
        while chunk := list(islice(rows, INSERT_ROWS)):
            self._database.executemany("INSERT INTO companion_rows VALUES (?, ?, ?, ?)", chunk)

    def build_index(self) -> None:
        """Call once after all rows are added: indexing first would slow every insert down."""
        self._database.execute("CREATE INDEX by_key ON companion_rows (name, key)")

    def find(self, name: str, key: str) -> list[Record]:
        """The rows with this key, in the order of the file."""
        rows = self._database.execute(
            "SELECT line, cells FROM companion_rows WHERE name = ? AND key = ? ORDER BY line", (name, key)
        )
        return [self._record(name, line, cells) for line, cells in rows]

    def pop(self, name: str, key: str) -> list[Record]:
        """The same, and remove them."""
        records = self.find(name, key)
        if records:
            self._database.execute("DELETE FROM companion_rows WHERE name = ? AND key = ?", (name, key))
        return records

    def remaining(self, name: str) -> Iterator[Record]:
        """Rows that were never removed."""
        rows = self._database.execute("SELECT line, cells FROM companion_rows WHERE name = ? ORDER BY line", (name,))
        return (self._record(name, line, cells) for line, cells in rows)

    def _record(self, name: str, line: int, cells: str) -> Record:
        return Record(self._layouts[name], Row(line, json.loads(cells)))
