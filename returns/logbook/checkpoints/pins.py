"""Heads of chains that signed checkpoints recorded, for the verification."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from django.conf import settings
from django.utils.translation import gettext as _

from returns.logbook.checkpoints.files import Broken, OtherFormat, Seal, heads_of, opened, paths, seal_of
from returns.models import Checkpoint

#: heads wait here, on disk: a million of them must not fill the memory
MAKE = "CREATE TABLE pins (at INTEGER, kase INTEGER, number TEXT, seq INTEGER, hash TEXT)"
SORTED = "SELECT * FROM pins ORDER BY kase, seq, at"


class Pin(NamedTuple):
    """Checkpoint ``at`` saw entry ``seq`` of case ``case`` with this ``hash``."""

    at: int
    case: int
    number: str
    seq: int
    hash: str


@dataclass(frozen=True)
class FileFault:
    """What is wrong with the checkpoints themselves."""

    number: int
    part: str


class Pins:
    """The pins of one book in the order of (case, seq), read once, in that order.

    ``since`` leaves older checkpoints out, where they are known to be gone. ``newest`` is the newest
    checkpoint that is as it was signed. ``old`` are the numbers of checkpoints from before the chains were made
    anew, which say nothing any more.
    """

    def __init__(self, book: str, *, folder: Path | None = None, since: int = 1) -> None:
        self._folder = (folder or Path(settings.CHECKPOINT_DIR)) / book
        self._book, self._since = book, since
        self.newest: Seal | None = None
        self.old: list[int] = []
        self.faults: list[FileFault] = []
        self._heads = sqlite3.connect("")  # a nameless database is a file that goes with it
        self._heads.execute(MAKE)
        self._read()
        self._rows = self._heads.execute(SORTED)
        self._waiting = self._step()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._heads.close()

    @property
    def complete(self) -> bool:
        """Whether all are there: only then must they know every entry that is old enough."""
        return self._since == 1 and not self.faults

    def before(self, case: int | None) -> Iterator[Pin]:
        """Pins of cases that come before ``case`` (all that are left: None) and were not asked for."""
        while self._waiting and (case is None or self._waiting.case < case):
            yield self._waiting
            self._waiting = self._step()

    def of(self, case: int) -> list[Pin]:
        """Pins of ``case``, the oldest first."""
        found = []
        while self._waiting and self._waiting.case == case:
            found.append(self._waiting)
            self._waiting = self._step()
        return found

    def _step(self) -> Pin | None:
        row = self._rows.fetchone()
        return Pin(*row) if row else None

    def _read(self) -> None:
        known = Checkpoint.objects.filter(book=self._book, number__gte=self._since)
        remembered = dict(known.values_list("number", "digest"))
        found = {number: path for number, path in paths(self._folder).items() if number >= self._since}
        self.old = list(_of_other_format(found, remembered))
        found = {number: path for number, path in found.items() if number not in self.old}
        before, expected = None, self._begins(found, remembered)
        for number in sorted(found.keys() | remembered.keys()):
            if number != expected:
                self._blame(expected, _("it is missing, and there is no record of it"))
                before = None
            before, expected = self._take(number, found.get(number), remembered.get(number), before), number + 1
        for number in sorted(found.keys() - remembered.keys() - {max(found, default=0)}):
            self._blame(number, _("the database has no record of it"))

    def _begins(self, found: dict[int, Path], remembered: dict[int, str]) -> int:
        """The number of the first checkpoint that there must be: one that names none before it is the first."""
        first = min(found.keys() | remembered.keys(), default=self._since)
        try:
            named = seal_of(found[first], key=str(settings.CHECKPOINT_KEY)).previous if first in found else "?"
        except Broken:
            return self._since
        return self._since if named else first

    def _take(self, number: int, path: Path | None, remembered: str | None, before: str | None) -> str | None:
        """Read one checkpoint and return its digest, as far as anybody knows it."""
        if path is None:
            self._blame(number, _("it is missing; restore it from the copy you keep elsewhere"))
            return remembered
        try:
            seal = opened(path, key=str(settings.CHECKPOINT_KEY))
        except OtherFormat:
            self._blame(number, _("it was written by another version, and the database remembers it"))
            return remembered
        except Broken:
            self._blame(number, _("it differs from what was signed"))
            return remembered
        if remembered not in (None, seal.digest):
            self._blame(number, _("the database has a different one"))
        if before is not None and seal.previous != before:
            self._blame(number, _("it does not continue the one before it"))
        rows = ((number, head.case, head.number, head.seq, head.hash) for head in heads_of(path, seal))
        self._heads.executemany("INSERT INTO pins VALUES (?, ?, ?, ?, ?)", rows)
        self.newest = seal
        return seal.digest

    def _blame(self, number: int, part: str) -> None:
        self.faults.append(FileFault(number, part))


def _of_other_format(found: dict[int, Path], remembered: dict[int, str]) -> Iterator[int]:
    """The first checkpoints, as far as another version wrote them and the database has forgotten them."""
    for number, path in found.items():
        try:
            seal_of(path, key=str(settings.CHECKPOINT_KEY))
        except OtherFormat:
            if number in remembered:
                return
            yield number
        except Broken:
            return
        else:
            return
