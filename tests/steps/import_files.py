"""Imports of files into the database."""

from pathlib import Path

from signoff.imports.files.rejected import RejectedRowsFile
from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.generic import MappedTableReader
from signoff.imports.formats.mapping import ColumnMapping
from signoff.imports.formats.registry import recognise
from signoff.imports.orders.run import BATCH_LINES, ImportResult, import_orders
from signoff.models import Order, Shop

EVERYTHING = {
    "number": "order", "article": "sku", "quantity": "qty", "price": "price", "placed": "date",
    **{name: name for name in (
        "line", "title", "discount", "tax", "order_discount", "discount_code", "shipping", "shipping_tax", "total",
        "paid", "refunded", "payment_method", "status", "customer", "email", "phone", "language",
        "ship_name", "ship_street",
        "ship_city", "ship_postcode", "ship_country", "carrier", "tracking", "sent", "delivered", "promised",
        "currency",
    )},
}  # fmt: skip


def store(
    *paths: Path,
    shop: Shop,
    mapping: ColumnMapping | None = None,
    folder: Path | None = None,
    batch_lines: int = BATCH_LINES,
) -> ImportResult:
    """Import the files as one source; ``mapping`` is for a table. Rejected rows are listed in ``folder``."""
    folder = folder or paths[0].parent
    source = open_source(*paths)
    format = None if mapping else recognise(source)
    reader = format(source) if format else MappedTableReader(source, mapping)
    rejected = RejectedRowsFile(folder / "refused.csv", fallback=folder, header=source.header)
    source_name = format.key if format else "table"
    return import_orders(reader, shop=shop, source=source_name, rejected_rows=rejected, batch_lines=batch_lines)


def store_rows(
    folder: Path, *rows: dict[str, str], shop: Shop, batch_lines: int = BATCH_LINES, **facts: object
) -> ImportResult:
    """Import rows of a table that has only the columns which they name."""
    titles = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(titles), *(",".join(row.get(title, "") for title in titles) for row in rows)]
    path = folder / "orders.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = {ours: theirs for ours, theirs in EVERYTHING.items() if theirs in titles}
    mapping = ColumnMapping(columns, currency="EUR", **facts)
    return store(path, shop=shop, mapping=mapping, batch_lines=batch_lines)


def sentences(outcome: ImportResult) -> list[str]:
    """The whole file of refused rows, line by line."""
    return outcome.rejected_file.read_text(encoding="utf-8").splitlines()[1:] if outcome.rejected_file else []


def only_order() -> Order:
    return Order.objects.get()
