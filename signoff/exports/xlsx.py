"""An XLSX workbook of one sheet, written as a stream: no row is kept after it has been sent.

Strings are written inline, so that no table of them grows; the file is a ZIP without seeking back (data descriptors).
Office Open XML, ECMA-376 part 1, SpreadsheetML.
"""

import zlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import RawIOBase
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from signoff.exports.rows import as_text
from signoff.web.desk_lists import Cell

MOST_ROWS = 1_048_576  # of a sheet, with its head
MOST_TEXT = 32_767  # characters of a cell
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}">'
    '<sheets><sheet name="Homeward" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


class _Pipe(RawIOBase):
    """A file that can only be written, and whose bytes are taken out as they come."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        parts, self.parts = self.parts, []
        return b"".join(parts)


def workbook(rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    """The bytes of a workbook of ``rows``, of which the first is the head."""
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=zlib.Z_BEST_SPEED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, _XML + content)
        yield pipe.take()
        sheet = ZipInfo("xl/worksheets/sheet1.xml")
        sheet.compress_type = ZIP_DEFLATED
        with archive.open(sheet, "w", force_zip64=True) as part:
            part.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, cells in enumerate(rows, start=1):
                if number > MOST_ROWS:
                    break
                part.write(f'<row r="{number}">{"".join(map(_cell, cells))}</row>'.encode())
                if pipe.parts:
                    yield pipe.take()
            part.write(b"</sheetData></worksheet>")
    yield pipe.take()


def _cell(value: Cell) -> str:
    if isinstance(value, int | Decimal):
        return f"<c><v>{value}</v></c>"
    text = "".join(letter for letter in as_text(value)[:MOST_TEXT] if letter >= " " or letter in "\t\n")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else "<c/>"
