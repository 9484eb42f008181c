"""What somebody sent: one file or several, opened by their content."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from signoff.imports.files.csv import CsvTable, Table
from signoff.imports.files.json import JsonDocument
from signoff.imports.files.sniff import FileKind, UnreadableFile, detect_kind
from signoff.imports.files.xlsx import XlsxTable

MAX_FILES = 20


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

    def tell(self, advance: Callable[[int], object]) -> None:
        """Call ``advance`` with the rows read, from time to time."""
        for table in self.tables:
            table.advance = advance

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
