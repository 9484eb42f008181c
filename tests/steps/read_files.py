"""Readers of import files, without a database."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook

from signoff.imports.files.rejected import RejectedRow
from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.registry import recognise
from signoff.imports.orders.parsed import ZERO, SoldOrder
from signoff.imports.orders.pricing import goods_total
from tests.datafiles import present


def read(*paths: Path) -> tuple[list[SoldOrder], list[RejectedRow]]:
    """Orders and rejected rows of one source, by the format that recognises it."""
    return split_results(recognise(source := open_source(*map(present, paths)))(source).read())


def split_results(results: Iterable[SoldOrder | RejectedRow]) -> tuple[list[SoldOrder], list[RejectedRow]]:
    orders, rejected = [], []
    for result in results:
        if isinstance(result, RejectedRow):
            rejected.append(result)
        else:
            orders.append(result)
    return orders, rejected


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


def order_total(order: SoldOrder) -> Decimal:
    """Lines − discounts + shipping, and the tax where prices exclude it."""
    due = goods_total(order.items, order.currency)
    due -= sum((one.amount for one in order.discounts if not one.in_items), ZERO)
    due += sum((one.amount - one.discount for one in order.shipping), ZERO)
    return due if order.prices_include_tax else due + taxes(order)


def taxes(order: SoldOrder) -> Decimal:
    """The order's tax as stated for all of it, or else line by line."""
    if order.tax is not None:
        return order.tax
    return sum((one.tax or ZERO for one in (*order.items, *order.shipping)), ZERO)
