"""How these tests read files."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

from signoff.imports.files.rejected import RefusedRow
from signoff.imports.files.source import open_source
from signoff.imports.formats.registry import recognise
from signoff.imports.orders.parsed import SoldOrder
from tests.datafiles import present


def read(*paths: Path) -> tuple[list[SoldOrder], list[RefusedRow]]:
    """Orders and refusals of one source, by the format that recognises it."""
    return sorted_out(recognise(source := open_source(*map(present, paths)))(source).read())


def sorted_out(found: Iterable[SoldOrder | RefusedRow]) -> tuple[list[SoldOrder], list[RefusedRow]]:
    orders, refused = [], []
    for one in found:
        if isinstance(one, RefusedRow):
            refused.append(one)
        else:
            orders.append(one)
    return orders, refused


def header_of(path: Path) -> list[str]:
    encoding = "gbk" if path.stem.endswith("_gbk") else "utf-8-sig"
    with present(path).open(encoding=encoding, newline="") as file:
        return next(csv.reader(file))


def text_of(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """CSV of these rows; cells that a row does not name are empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def csv_file(path: Path, header: Sequence[str], rows: Iterable[Mapping[str, str]], *, encoding: str = "utf-8") -> Path:
    path.write_bytes(text_of(header, rows).encode(encoding))
    return path


def xlsx_file(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path
