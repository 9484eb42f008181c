"""How these tests bring orders into the database."""

from pathlib import Path

from signoff.imports.files.rejected import RejectedRowsFile
from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.generic import MappedTableReader
from signoff.imports.formats.mapping import ColumnMapping
from signoff.imports.formats.registry import recognise
from signoff.imports.orders.run import ImportResult, import_orders
from signoff.models import Order, Shop

EVERYTHING = {
    "number": "order", "article": "sku", "quantity": "qty", "price": "price", "placed": "date",
    **{name: name for name in (
        "line", "title", "discount", "tax", "order_discount", "discount_code", "shipping", "shipping_tax", "total",
        "paid", "payment_method", "status", "customer", "email", "phone", "language", "ship_name", "ship_street",
        "ship_city", "ship_postcode", "ship_country", "carrier", "tracking", "sent", "delivered", "promised",
        "currency",
    )},
}  # fmt: skip


def store(*paths: Path, shop: Shop, recipe: ColumnMapping | None = None, listed: Path | None = None) -> ImportResult:
    """Import the files as one source; with ``recipe`` a table by that mapping. Refusals go to the folder ``listed``."""
    listed = listed or paths[0].parent
    source = open_source(*paths)
    chosen = None if recipe else recognise(source)
    reader = chosen(source) if chosen else MappedTableReader(source, recipe)
    refused = RejectedRowsFile(listed / "refused.csv", fallback=listed, header=source.header)
    return import_orders(reader, shop=shop, source=chosen.key if chosen else "table", rejected_rows=refused)


def store_rows(folder: Path, *rows: dict[str, str], shop: Shop, **facts: object) -> ImportResult:
    """Import rows of a table that has only the columns which they name."""
    titles = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(titles), *(",".join(row.get(title, "") for title in titles) for row in rows)]
    path = folder / "orders.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = {ours: theirs for ours, theirs in EVERYTHING.items() if theirs in titles}
    return store(path, shop=shop, recipe=ColumnMapping(columns, currency="EUR", **facts))


def sentences(outcome: ImportResult) -> list[str]:
    """The whole file of refused rows, line by line."""
    return outcome.rejected_file.read_text(encoding="utf-8").splitlines()[1:] if outcome.rejected_file else []


def only_order() -> Order:
    return Order.objects.get()
