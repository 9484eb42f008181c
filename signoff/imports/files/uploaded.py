"""Files that somebody has sent, laid out to be read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from signoff.imports.files.cells import HIDDEN_CHARACTERS
from signoff.imports.files.csv import CsvTable, Row, Table
from signoff.imports.files.json import JsonDocument
from signoff.imports.files.sniff import UTF16_MARKS, FileKind, UnreadableFile, detect_kind, read_blocks
from signoff.imports.files.xlsx import XlsxTable

MAX_FILES = 20
MAX_NAME_BYTES = 180  # bytes; file systems take 255
HEAD_ROWS = 2000
HEAD_BYTES = 1024**2
#: of several files that belong together: rows of one order do not stand at the same height in all of them
HEAD_ROWS_OF_SEVERAL = 200_000
HEAD_BYTES_OF_SEVERAL = 32 * 1024**2


@dataclass(frozen=True, slots=True)
class Source:
    """The tables (CSV, XLSX) and JSON documents of one import."""

    tables: list[Table]
    documents: list[JsonDocument]

    @property
    def table(self) -> Table:
        """The only file. Raises ``Unreadable`` where it is no table, or where there are several."""
        if len(self.tables) != 1 or self.documents:
            raise UnreadableFile(_("This format needs exactly one file, as CSV or XLSX."))
        return self.tables[0]

    @property
    def lines(self) -> int:
        """Lines of all tables together; 0 where they do not say."""
        return sum(table.lines for table in self.tables)

    @property
    def header(self) -> list[str]:
        """Titles for a list of refused rows; rows of several files have only places in common."""
        if not self.tables:
            return [_("number"), _("order")]
        if len(self.tables) == 1:
            return self.tables[0].header
        return [str(place) for place in range(1, max(len(table.header) for table in self.tables) + 1)]

    def on_progress(self, callback: Callable[[int], object]) -> None:
        """Call ``callback`` with the rows read, from time to time."""
        for table in self.tables:
            table.progress_callback = callback

    def is_table(self, *titles: str) -> bool:
        """Whether it is one table that has columns of these titles."""
        return len(self.tables) == 1 and not self.documents and self.tables[0].has(*titles)


def open_source(*paths: Path) -> Source:
    """Raises ``Unreadable`` for a file that is nothing of ours, empty, or too big."""
    if not 0 < len(paths) <= MAX_FILES:
        raise UnreadableFile(_("Send 1 to %(most)d files at once.") % {"most": MAX_FILES})
    source = Source([], [])
    for path in paths:
        kind = detect_kind(path)
        if kind is FileKind.DOCUMENT:
            source.documents.append(JsonDocument(path))
        else:
            source.tables.append(XlsxTable(path) if kind is FileKind.SHEET else CsvTable(path))
    return source


class TableHead(Table):
    """The first rows of a table. ``cut`` and ``last`` (the line of its last row) are known when they have been read."""

    def __init__(self, grid: Table, *, most: int, torn: bool) -> None:
        self.grid, self.most, self.torn = grid, most, torn
        self.path, self.header, self.lines = grid.path, grid.header, grid.lines
        self.cut, self.last = torn, 0

    def _numbered(self) -> Iterator[Row]:
        """Of a file that is torn, the last row may be half of one."""
        rows = self.grid.rows()
        waiting = next(rows, None)
        for count, row in enumerate(rows, start=1):
            yield self._seen(waiting)
            if count == self.most:
                self.cut = True
                return
            waiting = row
        if waiting and not self.torn:
            yield self._seen(waiting)

    def _seen(self, row: Row) -> Row:
        self.last = max(self.last, row.line)
        return row


@dataclass(frozen=True, slots=True)
class Head:
    """What was looked at, and what it is written in."""

    source: Source
    written: list[str]

    @property
    def is_cut(self) -> bool:
        """Whether there is more than was looked at; known when it has been read."""
        return any(table.cut for table in self._tables)

    @property
    def last(self) -> int:
        """The line after which nothing was looked at; 0 where that is the end, or where there are several tables."""
        return self._tables[0].last if len(self._tables) == 1 and self.is_cut else 0

    @property
    def _tables(self) -> list[TableHead]:
        return [table for table in self.source.tables if isinstance(table, TableHead)]


def safe_name(sent: str) -> str:
    """What the sender calls a file: without folders, and without marks that turn or hide what follows."""
    last = HIDDEN_CHARACTERS.sub("", sent).replace("\x00", "").replace("\\", "/").rpartition("/")[2].strip()
    return last.encode()[:MAX_NAME_BYTES].decode(errors="ignore").strip(". ") or _("file")


@contextmanager
def local_paths(files: Iterable[Any]) -> Iterator[list[Path]]:
    """Paths to the stored files (rows with ``name`` and ``file``) under their senders' names, until the end.

    Where the storage is not on disk they are copied. Raises ``FileNotFoundError`` for one that is gone.
    """
    with TemporaryDirectory(prefix="import-") as folder:
        yield [_link_or_copy(sent, Path(folder) / str(place)) for place, sent in enumerate(files)]


@contextmanager
def open_head(files: Iterable[Any]) -> Iterator[Head]:
    """The beginnings of the stored files, open until the end. Raises ``Unreadable`` and as ``at_hand``."""
    with local_paths(files) as paths, TemporaryDirectory(prefix="head-") as folder:
        yield read_head(paths, Path(folder))


def _link_or_copy(sent: Any, folder: Path) -> Path:
    folder.mkdir()
    path = folder / safe_name(sent.name)
    if not sent.file or not sent.file.storage.exists(sent.file.name):
        raise FileNotFoundError(path.name)
    try:
        path.symlink_to(sent.file.path)
    except NotImplementedError:
        with sent.file.open("rb") as stored, path.open("wb") as copy:
            for block in stored.chunks():
                copy.write(block)
    return path


def read_head(paths: Sequence[Path], folder: Path) -> Head:
    """Open the beginnings; where text is cut, its copy lies in ``folder``.

    Raises ``Unreadable`` with the name of the file that is nothing of ours.
    """
    head = Head(Source([], []), [])
    several = len(paths) > 1
    for place, path in enumerate(paths):
        try:
            _open(head, path, folder / str(place), several=several)
        except UnreadableFile as why:
            raise UnreadableFile(_("%(file)s: %(why)s") % {"file": path.name, "why": why}) from why
    return head


def _open(head: Head, path: Path, room: Path, *, several: bool) -> None:
    kind = detect_kind(path)
    most = (HEAD_ROWS_OF_SEVERAL, HEAD_BYTES_OF_SEVERAL) if several else (HEAD_ROWS, HEAD_BYTES)
    beginning = _truncated_copy(path, room, most[1]) if kind is FileKind.TABLE else None
    opened = open_source(beginning or path)
    head.source.documents.extend(opened.documents)
    for table in opened.tables:
        head.written.append(getattr(table, "encoding", "xlsx"))
        shortened = TableHead(table, most=most[0], torn=beginning is not None)
        shortened.path = path
        head.source.tables.append(shortened)
    head.written.extend("json" for _document in opened.documents)


def _truncated_copy(path: Path, room: Path, most: int) -> Path | None:
    """A copy of the first ``most`` bytes up to the end of a line, where the file has more."""
    start = b""
    for block in read_blocks(path):
        start += block
        if len(start) > most:
            break
    else:
        return None
    room.mkdir()
    copy = room / path.name
    copy.write_bytes(_whole_lines(start[:most]))
    return copy


def _whole_lines(start: bytes) -> bytes:
    if start.startswith(UTF16_MARKS):
        text = start[: len(start) // 2 * 2].decode("utf-16", "ignore")
        return (text[: text.rfind("\n") + 1] or text).encode("utf-16")
    return start[: start.rfind(b"\n") + 1] or start
