"""Rows of one file by the order of another: kept in a temporary SQLite file, so that memory does not grow with them."""

import json
import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Self

from signoff.imports.files.csv import Row
from signoff.imports.layouts.columns import Layout, Record

INSERT_ROWS = 5000


class CompanionIndex:
    """The rows of several layouts by name and key. Use it in a ``with``; the file is gone afterwards."""

    def __init__(self) -> None:
        self._layouts: dict[str, Layout] = {}
        self._kept = sqlite3.connect("", check_same_thread=False)
        self._kept.execute("CREATE TABLE kept (name, key, line, cells)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self._kept.close()

    def keep(self, name: str, layout: Layout, key: str) -> None:
        """Put all rows of ``layout`` away by their cell ``key``."""
        self._layouts[name] = layout
        rows = (
            (name, record[key], record.row.line, json.dumps(record.row.cells, ensure_ascii=False))
            for record in layout.records()
        )
        while some := list(islice(rows, INSERT_ROWS)):
            self._kept.executemany("INSERT INTO kept VALUES (?, ?, ?, ?)", some)

    def index(self) -> None:
        """To be called once, when everything is kept."""
        self._kept.execute("CREATE INDEX by_key ON kept (name, key)")

    def of(self, name: str, key: str) -> list[Record]:
        """The rows of one order (or customer, or product), as they stand in the file."""
        found = self._kept.execute("SELECT line, cells FROM kept WHERE name = ? AND key = ? ORDER BY line", (name, key))
        return [self._record(name, line, cells) for line, cells in found]

    def take(self, name: str, key: str) -> list[Record]:
        """The same, and they are forgotten."""
        taken = self.of(name, key)
        if taken:
            self._kept.execute("DELETE FROM kept WHERE name = ? AND key = ?", (name, key))
        return taken

    def left(self, name: str) -> Iterator[Record]:
        """What nobody took."""
        found = self._kept.execute("SELECT line, cells FROM kept WHERE name = ? ORDER BY line", (name,))
        return (self._record(name, line, cells) for line, cells in found)

    def _record(self, name: str, line: int, cells: str) -> Record:
        return Record(self._layouts[name], Row(line, json.loads(cells)))
