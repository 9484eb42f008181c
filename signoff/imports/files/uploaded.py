"""Opens uploaded files: whole for an import, or only their beginning for detection and preview.

A preview must be as fast for two gigabytes as for three rows: text is cut by bytes, every table by rows. XLSX and JSON
have size limits of their own and are opened whole.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from signoff.imports.files.cells import HIDDEN_CHARACTERS
from signoff.imports.files.csv import CsvTable, Row, Table
from signoff.imports.files.encodings import sample_lines, samples
from signoff.imports.files.json import JsonDocument
from signoff.imports.files.sniff import UTF16_MARKS, FileKind, UnreadableFile, detect_kind, read_blocks
from signoff.imports.files.xlsx import XlsxTable

MAX_FILES = 20
MAX_NAME_BYTES = 180  # bytes; file systems take 255
SAMPLE_LINES, SAMPLE_BLOCKS = 3, 2
HEAD_ROWS = 2000
HEAD_BYTES = 1024**2
#: exports that consist of several files: rows of one order are at different positions in each
HEAD_ROWS_OF_SEVERAL = 200_000
HEAD_BYTES_OF_SEVERAL = 32 * 1024**2


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one import: tables (CSV, XLSX) and JSON documents."""

    tables: list[Table]
    documents: list[JsonDocument]

    @property
    def table(self) -> Table:
        """The only file, a table. Raises ``UnreadableFile`` for JSON or several files."""
        if len(self.tables) != 1 or self.documents:
            raise UnreadableFile(_("This format needs exactly one file, as CSV or XLSX."))
        return self.tables[0]

    @property
    def lines(self) -> int:
        """Lines of all tables; 0 if unknown (XLSX)."""
        return sum(table.lines for table in self.tables)

    @property
    def header(self) -> list[str]:
        """Titles for the file of rejected rows. Several files have no common titles, so their columns are numbered."""
        if not self.tables:
            return [_("number"), _("order")]
        if len(self.tables) == 1:
            return self.tables[0].header
        return [str(place) for place in range(1, max(len(table.header) for table in self.tables) + 1)]

    def on_progress(self, callback: Callable[[int], object]) -> None:
        """Call ``callback`` with the number of rows read since its last call."""
        for table in self.tables:
            table.progress_callback = callback

    def is_table(self, *titles: str) -> bool:
        """Whether it is a single table with these titles."""
        return len(self.tables) == 1 and not self.documents and self.tables[0].has(*titles)


def open_source(*paths: Path, encoding: str = "") -> Source:
    """Open the files by their content. Raises ``UnreadableFile`` for an unknown kind, an empty or too big file.

    ``encoding`` is that of text tables if a person has chosen it; otherwise it is detected.
    """
    if not 0 < len(paths) <= MAX_FILES:
        raise UnreadableFile(_("Upload 1 to %(most)d files at a time.") % {"most": MAX_FILES})
    source = Source([], [])
    for path in paths:
        kind = detect_kind(path)
        if kind is FileKind.DOCUMENT:
            source.documents.append(JsonDocument(path))
        else:
            source.tables.append(XlsxTable(path) if kind is FileKind.SHEET else CsvTable(path, encoding=encoding))
    return source


def require_encoding(source: Source) -> None:
    """Raises ``UnreadableFile`` where a person has to choose the encoding: nothing is stored on a guess."""
    if any(table.is_undecided for table in source.tables):
        raise UnreadableFile(
            _("The file may be in several encodings. Compare the samples and choose the one that reads correctly.")
        )


class TableHead(Table):
    """The first rows of a table; ``is_truncated`` says that its file was cut by bytes.

    ``is_cut`` (there are more rows) and ``last_line`` (of the last row) are known after reading.
    """

    def __init__(self, table: Table, *, max_rows: int, is_truncated: bool) -> None:
        self.table, self.max_rows, self.is_truncated = table, max_rows, is_truncated
        self.path, self.header, self.lines = table.path, table.header, table.lines
        self.is_undecided, self.rows_above = table.is_undecided, 0
        self.is_cut, self.last_line = is_truncated, 0

    def _numbered_rows(self) -> Iterator[Row]:
        """One row behind the table: the last row of a truncated file may be incomplete and is left out."""
        previous: Row | None = None
        for count, row in enumerate(self.table.rows()):
            if previous:
                self.last_line = max(self.last_line, previous.line)
                yield previous
            if count == self.max_rows:
                self.is_cut = True
                return
            previous = row
        if previous and not self.is_truncated:
            self.last_line = max(self.last_line, previous.line)
            yield previous


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of the files, and their encodings."""

    source: Source
    encodings: list[str]

    @property
    def is_cut(self) -> bool:
        """Whether the files have more rows; known after reading."""
        return any(table.is_cut for table in self._tables)

    @property
    def is_undecided(self) -> bool:
        """Whether a person has to choose the encoding."""
        return any(table.is_undecided for table in self.source.tables)

    @property
    def last_line(self) -> int:
        """The last line that was read of a single cut table; otherwise 0."""
        return self._tables[0].last_line if len(self._tables) == 1 and self.is_cut else 0

    @property
    def _tables(self) -> list[TableHead]:
        return [table for table in self.source.tables if isinstance(table, TableHead)]


def safe_name(upload_name: str) -> str:
    """The name of an upload without folders, control and bidirectional marks, cut to what file systems store."""
    base_name = HIDDEN_CHARACTERS.sub("", upload_name).replace("\x00", "").replace("\\", "/").rpartition("/")[2].strip()
    return base_name.encode()[:MAX_NAME_BYTES].decode(errors="ignore").strip(". ") or _("file")


@contextmanager
def local_paths(files: Iterable[Any]) -> Iterator[list[Path]]:
    """Local paths of the stored files (``ImportFile`` rows) under their uploaded names, while the context is open.

    Files of a remote storage are copied. Raises ``FileNotFoundError`` for a missing one.
    """
    with TemporaryDirectory(prefix="import-") as folder:
        yield [_link_or_copy(stored, Path(folder) / str(place)) for place, stored in enumerate(files)]


@contextmanager
def open_head(files: Iterable[Any], *, encoding: str = "") -> Iterator[Head]:
    """The beginning of the stored files. Raises ``UnreadableFile``, and ``FileNotFoundError`` as ``local_paths``."""
    with local_paths(files) as paths, TemporaryDirectory(prefix="head-") as folder:
        yield read_head(paths, Path(folder), encoding=encoding)


def _link_or_copy(stored: Any, folder: Path) -> Path:
    folder.mkdir()
    path = folder / safe_name(stored.name)
    if not stored.file or not stored.file.storage.exists(stored.file.name):
        raise FileNotFoundError(path.name)
    try:
        path.symlink_to(stored.file.path)
    except NotImplementedError:
        with stored.file.open("rb") as file, path.open("wb") as copy:
            for block in file.chunks():
                copy.write(block)
    return path


def read_head(
    paths: Sequence[Path], folder: Path, *, rows: int = HEAD_ROWS, size: int = HEAD_BYTES, encoding: str = ""
) -> Head:
    """Open the beginnings of the files; truncated copies of text files are written to ``folder``.

    Of a file that comes alone, ``rows`` rows and ``size`` bytes are read. ``encoding`` is as in ``open_source``.

    Raises ``UnreadableFile`` with the name of the file.
    """
    head = Head(Source([], []), [])
    limits = (HEAD_ROWS_OF_SEVERAL, HEAD_BYTES_OF_SEVERAL) if len(paths) > 1 else (rows, size)
    for place, path in enumerate(paths):
        try:
            _open(head, path, folder / str(place), rows=limits[0], size=limits[1], encoding=encoding)
        except UnreadableFile as error:
            raise UnreadableFile(_("%(file)s: %(why)s") % {"file": path.name, "why": error}) from error
    return head


def encoding_samples(paths: Iterable[Path]) -> dict[str, str]:
    """The first lines beyond ASCII of the text files, in each encoding in which they can be read."""
    tables = [path for path in paths if detect_kind(path) is FileKind.TABLE]
    lines = [line for path in tables for line in sample_lines(partial(_first_blocks, path))]
    return samples(lines[:SAMPLE_LINES])


def _first_blocks(path: Path) -> Iterator[bytes]:
    return islice(read_blocks(path), SAMPLE_BLOCKS)


def _open(head: Head, path: Path, folder: Path, *, rows: int, size: int, encoding: str) -> None:
    kind = detect_kind(path)
    truncated = _truncated_copy(path, folder, size) if kind is FileKind.TABLE else None
    source = open_source(truncated or path, encoding=encoding)
    head.source.documents.extend(source.documents)
    for table in source.tables:
        head.encodings.append(getattr(table, "encoding", "xlsx"))
        table_head = TableHead(table, max_rows=rows, is_truncated=truncated is not None)
        table_head.path = path
        head.source.tables.append(table_head)
    head.encodings.extend("json" for _document in source.documents)


def _truncated_copy(path: Path, folder: Path, max_bytes: int) -> Path | None:
    """A copy of the first ``max_bytes`` bytes, up to the end of a line; ``None`` if the file is not longer."""
    start = b""
    for block in read_blocks(path):
        start += block
        if len(start) > max_bytes:
            break
    else:
        return None
    folder.mkdir()
    copy = folder / path.name
    copy.write_bytes(_whole_lines(start[:max_bytes]))
    return copy


def _whole_lines(start: bytes) -> bytes:
    if start.startswith(UTF16_MARKS):
        text = start[: len(start) // 2 * 2].decode("utf-16", "ignore")
        return (text[: text.rfind("\n") + 1] or text).encode("utf-16")
    return start[: start.rfind(b"\n") + 1] or start
