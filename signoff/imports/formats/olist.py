"""Olist (Brazil): several files at once, recognised by their columns. Orders, items and payments are needed; customers,
reviews, products and the translation of categories are read where they come along.

One row of the items is one unit: rows of one order with the same product, seller and price become one line. The
other files are indexed on disk, the orders are read in one pass. Times are São Paulo's. Spreadsheets have
dropped zeros: 69.9 is 69.90, a postcode 8775 is 08775. A payment may differ from what the items cost; both are kept.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from signoff.imports.files import cells
from signoff.imports.files.rejected import RejectedRow
from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import Source
from signoff.imports.formats.olist_files import COMPANIONS, ORDERS
from signoff.imports.layouts.columns import Columns, Layout, Record, read_each, read_order, reject_duplicate_lines
from signoff.imports.layouts.companion_index import CompanionIndex
from signoff.imports.layouts.readers import RecentOrders, collect_report, duplicate_order_text
from signoff.imports.orders.parsed import (
    ZERO,
    Address,
    Buyer,
    OrderRating,
    SentParcel,
    SoldItem,
    SoldOrder,
    SoldPayment,
    SoldShipping,
)

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
CURRENCY = "BRL"
POSTCODE_DIGITS = 5
CANCELLED = frozenset({"canceled", "unavailable"})

NEEDED = frozenset({"items", "payments"})
moment = partial(cells.moment, zone=SAO_PAULO)
optional_moment = partial(cells.optional_moment, zone=SAO_PAULO)


def recognises(source: Source) -> bool:
    return any(table.has("order_id", "order_purchase_timestamp") for table in source.tables)


class Olist:
    """Indexes the companion files, then reads the orders in one pass. Raises ``UnreadableFile``."""

    passes = 1
    zone = SAO_PAULO

    def __init__(self, source: Source) -> None:
        self.orders = _require_layout(source, "orders", ORDERS)
        self.companion_layouts: dict[str, Layout | None] = {
            name: _require_layout(source, name, columns) if name in NEEDED else _find_layout(source, columns)
            for name, (_key, columns) in COMPANIONS.items()
        }
        self.report: dict[str, Any] = {}
        self.provides = frozenset(
            {"article", "city", "postcode"} if self.companion_layouts["customers"] else {"article"}
        )

    def on_progress(self, callback: Callable[[int], object]) -> None:
        for layout in (self.orders, *self.companion_layouts.values()):
            if layout:
                layout.table.progress_callback = callback

    def read(self) -> Iterator[SoldOrder | RejectedRow]:
        with CompanionIndex() as companions:
            for name, layout in self.companion_layouts.items():
                if layout:
                    companions.add_rows(name, layout, COMPANIONS[name][0])
            companions.build_index()
            yield from collect_report(self._orders(companions), self.report, zone=SAO_PAULO)

    def _orders(self, companions: CompanionIndex) -> Iterator[SoldOrder | RejectedRow]:
        recent = RecentOrders()
        for record in self.orders.records():
            if line := recent.first_line(record["number"], record.row.line):
                yield self._with_file_name(
                    self.orders.reject(record.row, "number", duplicate_order_text(line)), self.orders
                )
                continue
            parts = {name: companions.pop(name, record["number"]) for name in ("items", "payments", "reviews")}
            yield from self._read_parts(record, parts, companions)
        for name in ("items", "payments", "reviews"):
            for record in companions.remaining(name):
                sentence = _("The orders file has no order with this id.")
                yield self._with_file_name(record.layout.reject(record.row, "order", sentence), record.layout)

    def _read_parts(
        self, record: Record, parts: dict[str, list[Record]], companions: CompanionIndex
    ) -> Iterator[SoldOrder | RejectedRow]:
        """Read one order. Rows of companion files are rejected with the name of their file, and the order with them."""
        for name, rows in parts.items():
            layout = self.companion_layouts[name]
            if layout is None or not rows:
                continue
            rejected = [result for result in read_order(layout, rows, READ[name]) if isinstance(result, RejectedRow)]
            if rejected:
                yield from (self._with_file_name(result, layout) for result in rejected)
                sentence = _("Another file has rejected rows of this order. Orders are only imported complete.")
                yield self._with_file_name(record.layout.reject(record.row, "number", sentence), record.layout)
                return
        for result in read_order(record.layout, [record], lambda rows: _order(rows[0], parts, companions)):
            yield self._with_file_name(result, record.layout) if isinstance(result, RejectedRow) else result

    def _with_file_name(self, refused: RejectedRow, layout: Layout) -> RejectedRow:
        return replace(refused, file=layout.table.path.name)


def _require_layout(source: Source, name: str, columns: Columns) -> Layout:
    """The layout of the file that has these columns. Raises ``UnreadableFile`` if there is none."""
    if layout := _find_layout(source, columns):
        return layout
    raise UnreadableFile(
        _("Olist's file of %(name)s is missing (columns %(columns)s). Send the files together.")
        % {"name": name, "columns": ", ".join(_titles(columns))}
    )


def _find_layout(source: Source, columns: Columns) -> Layout | None:
    return next((Layout(table, columns) for table in source.tables if table.has(*_titles(columns))), None)


def _titles(columns: Columns) -> list[str]:
    return [aliases[0] for aliases in columns.values()]


def _order(record: Record, parts: dict[str, list[Record]], companions: CompanionIndex) -> SoldOrder:
    number = record.read("number", cells.identity)
    buyer = _buyer(record, companions)
    lines = _lines(parts["items"])
    freight = sum((row.read("freight", cells.amount) for row in parts["items"]), ZERO)
    payments = tuple(map(_payment, sorted(parts["payments"], key=_sequence)))
    return SoldOrder(
        number=number,
        number_column=record.layout.title("number"),
        placed_at=record.read("placed", moment),
        buyer=buyer,
        country="BR",
        currency=CURRENCY,
        items=[_item(rows, companions) for rows in lines],
        row=record.row,
        shipping=(SoldShipping("", freight),) if freight else (),
        payments=payments,
        paid=any(payment.amount for payment in payments),
        cancelled=record["status"] in CANCELLED,
        status=record["status"][:80],
        parcels=_parcels(record, lines),
        ratings=tuple(map(_rating, parts["reviews"])),
        file=record.layout.table.path.name,
    )


def _lines(rows: Sequence[Record]) -> list[list[Record]]:
    """Group equal units into lines, in the order of the file."""
    lines: dict[tuple[object, ...], list[Record]] = {}
    for row in rows:
        lines.setdefault((row["product"], row["seller"], row.read("price", cells.amount)), []).append(row)
    return list(lines.values())


def _item(units: Sequence[Record], companions: CompanionIndex) -> SoldItem:
    first = units[0]
    category = _category(first["product"], companions)
    return SoldItem(
        row=first.row,
        sku=first.read("product", cells.identity),
        title=category.replace("_", " "),
        quantity=len(units),
        unit_price=first.read("price", cells.amount),
        is_goods=True,
        external_id=",".join(unit["line"] for unit in units)[: cells.MAX_LENGTH],
        category=category,
    )


def _category(product: str, companions: CompanionIndex) -> str:
    for row in companions.find("products", product):
        category = row.read("category", cells.words, max_length=80)
        english = companions.find("categories", category)
        return english[0].read("english", cells.words, max_length=80) if english else category
    return ""


def _sequence(record: Record) -> int:
    return record.read("sequence", cells.units)


def _payment(record: Record) -> SoldPayment:
    return SoldPayment(record.read("method", cells.words, max_length=120), "", record.read("amount", cells.amount))


def _rating(record: Record) -> OrderRating:
    stars = record.read("stars", cells.units)
    if stars > 5:
        raise record.error("stars", _("A rating has 1 to 5 stars."))
    title, words = (record.read(column, cells.words, max_length=2000) for column in ("title", "words"))
    return OrderRating(stars, "\n".join(filter(None, (title, words))), record.read("given", optional_moment))


def _parcels(record: Record, lines: Sequence[Sequence[Record]]) -> tuple[SentParcel, ...]:
    """One parcel per seller, all with the order's dates: the file has no others."""
    sent, delivered = (record.read(column, optional_moment) for column in ("sent", "delivered"))
    promised = record.read("promised", cells.day, zone=SAO_PAULO)
    sellers: dict[str, list[tuple[int, int]]] = {}
    for place, units in enumerate(lines):
        sellers.setdefault(units[0]["seller"], []).append((place, len(units)))
    if not sellers and not sent and not delivered:
        return ()
    return tuple(
        SentParcel(sent_at=sent, delivered_at=delivered, promised_on=promised, items=tuple(items), seller=seller[:80])
        for seller, items in list(sellers.items()) or [("", [])]
    )


def _buyer(record: Record, companions: CompanionIndex) -> Buyer:
    customer = record.read("customer", cells.identity)
    rows = companions.find("customers", customer)
    if not rows:
        return Buyer(external_id=customer, language="pt-BR")
    row = rows[0]
    address = Address(
        city=row.read("city", cells.words, max_length=200),
        region=row.read("state", cells.words, max_length=80),
        postcode=row["postcode"].zfill(POSTCODE_DIGITS)[:20] if row["postcode"] else "",
        country="BR",
    )
    return Buyer(external_id=row.read("person", cells.identity), address=address, language="pt-BR")


def _check_items(rows: Sequence[Record]) -> None:
    reject_duplicate_lines(rows, "line")
    read_each(rows, lambda row: (row.read("product", cells.identity), row.read("price", cells.amount)))
    read_each(rows, lambda row: row.read("freight", cells.amount))


def _check_payments(rows: Sequence[Record]) -> None:
    reject_duplicate_lines(rows, "sequence")
    read_each(rows, _sequence)
    read_each(rows, _payment)


def _check_reviews(rows: Sequence[Record]) -> None:
    read_each(rows, _rating)


READ = {"items": _check_items, "payments": _check_payments, "reviews": _check_reviews}
