"""Olist (Brazil): several files at once, told apart by their columns. Orders, items and payments are needed; customers,
reviews, products and the translation of categories are read where they come along.

One row of the items is one unit: rows of one order with the same product, seller and price become one line. The
other files are kept beside on disk, the orders are read in one pass. Times are São Paulo's. Spreadsheets have
eaten zeros: 69.9 is 69.90, a postcode 8775 is 08775. A payment may differ from what the items cost; both are kept.
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
from signoff.imports.formats.olist_files import BESIDE, ORDERS
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
    """Reads the orders in one pass, after the files beside them. Raises ``Unreadable`` where one is missing."""

    passes = 1

    def __init__(self, source: Source) -> None:
        self.orders = _needed(source, "orders", ORDERS)
        self.others: dict[str, Layout | None] = {
            name: _needed(source, name, columns) if name in NEEDED else _found(source, columns)
            for name, (_key, columns) in BESIDE.items()
        }
        self.report: dict[str, Any] = {}
        self.provides = frozenset({"article", "city", "postcode"} if self.others["customers"] else {"article"})

    def on_progress(self, callback: Callable[[int], object]) -> None:
        for layout in (self.orders, *self.others.values()):
            if layout:
                layout.grid.progress_callback = callback

    def read(self) -> Iterator[SoldOrder | RejectedRow]:
        with CompanionIndex() as beside:
            for name, layout in self.others.items():
                if layout:
                    beside.keep(name, layout, BESIDE[name][0])
            beside.index()
            yield from collect_report(self._orders(beside), self.report, zone=SAO_PAULO)

    def _orders(self, beside: CompanionIndex) -> Iterator[SoldOrder | RejectedRow]:
        recent = RecentOrders()
        for record in self.orders.records():
            if line := recent.earlier(record["number"], record.row.line):
                yield self._told(self.orders.refuse(record.row, "number", duplicate_order_text(line)), self.orders)
                continue
            parts = {name: beside.take(name, record["number"]) for name in ("items", "payments", "reviews")}
            yield from self._one(record, parts, beside)
        for name in ("items", "payments", "reviews"):
            for record in beside.left(name):
                sentence = _("The file of orders has no order of this id.")
                yield self._told(record.layout.refuse(record.row, "order", sentence), record.layout)

    def _one(
        self, record: Record, parts: dict[str, list[Record]], beside: CompanionIndex
    ) -> Iterator[SoldOrder | RejectedRow]:
        """Rows of other files that cannot be understood are told by their own file; then the order is refused."""
        for name, rows in parts.items():
            layout = self.others[name]
            if layout is None or not rows:
                continue
            troubles = [one for one in read_order(layout, rows, READ[name]) if isinstance(one, RejectedRow)]
            if troubles:
                yield from (self._told(one, layout) for one in troubles)
                sentence = _(
                    "Another file has rows of this order that were refused; an order is imported whole or not."
                )
                yield self._told(record.layout.refuse(record.row, "number", sentence), record.layout)
                return
        for one in read_order(record.layout, [record], lambda rows: _order(rows[0], parts, beside)):
            yield self._told(one, record.layout) if isinstance(one, RejectedRow) else one

    def _told(self, refused: RejectedRow, layout: Layout) -> RejectedRow:
        return replace(refused, file=layout.grid.path.name)


def _needed(source: Source, name: str, columns: Columns) -> Layout:
    """The file that has these columns. Raises ``Unreadable``."""
    if layout := _found(source, columns):
        return layout
    raise UnreadableFile(
        _("Olist's file of %(name)s is missing (columns %(columns)s). Send the files together.")
        % {"name": name, "columns": ", ".join(_titles(columns))}
    )


def _found(source: Source, columns: Columns) -> Layout | None:
    return next((Layout(table, columns) for table in source.tables if table.has(*_titles(columns))), None)


def _titles(columns: Columns) -> list[str]:
    return [aliases[0] for aliases in columns.values()]


def _order(record: Record, parts: dict[str, list[Record]], beside: CompanionIndex) -> SoldOrder:
    number = record.read("number", cells.identity)
    buyer = _buyer(record, beside)
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
        items=[_item(rows, beside) for rows in lines],
        row=record.row,
        shipping=(SoldShipping("", freight),) if freight else (),
        payments=payments,
        paid=any(payment.amount for payment in payments),
        cancelled=record["status"] in CANCELLED,
        status=record["status"][:80],
        parcels=_parcels(record, lines),
        ratings=tuple(map(_rating, parts["reviews"])),
        file=record.layout.grid.path.name,
    )


def _lines(rows: Sequence[Record]) -> list[list[Record]]:
    """Units that are alike, in the order in which they stand."""
    lines: dict[tuple[object, ...], list[Record]] = {}
    for row in rows:
        lines.setdefault((row["product"], row["seller"], row.read("price", cells.amount)), []).append(row)
    return list(lines.values())


def _item(units: Sequence[Record], beside: CompanionIndex) -> SoldItem:
    first = units[0]
    category = _category(first["product"], beside)
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


def _category(product: str, beside: CompanionIndex) -> str:
    for row in beside.of("products", product):
        category = row.read("category", cells.words, most=80)
        english = beside.of("categories", category)
        return english[0].read("english", cells.words, most=80) if english else category
    return ""


def _sequence(record: Record) -> int:
    return record.read("sequence", cells.units)


def _payment(record: Record) -> SoldPayment:
    return SoldPayment(record.read("method", cells.words, most=120), "", record.read("amount", cells.amount))


def _rating(record: Record) -> OrderRating:
    stars = record.read("stars", cells.units)
    if stars > 5:
        raise record.wrong("stars", _("A rating has 1 to 5 stars."))
    title, words = (record.read(column, cells.words, most=2000) for column in ("title", "words"))
    return OrderRating(stars, "\n".join(filter(None, (title, words))), record.read("given", optional_moment))


def _parcels(record: Record, lines: Sequence[Sequence[Record]]) -> tuple[SentParcel, ...]:
    """One per seller, all with the order's dates: the file knows no others."""
    sent, delivered = (record.read(column, optional_moment) for column in ("sent", "delivered"))
    promised = record.read("promised", cells.day, zone=SAO_PAULO)
    sellers: dict[str, list[tuple[int, int]]] = {}
    for place, units in enumerate(lines):
        sellers.setdefault(units[0]["seller"], []).append((place, len(units)))
    if not sellers and not sent and not delivered:
        return ()
    return tuple(
        SentParcel(sent_at=sent, delivered_at=delivered, promised_on=promised, items=tuple(inside), seller=seller[:80])
        for seller, inside in list(sellers.items()) or [("", [])]
    )


def _buyer(record: Record, beside: CompanionIndex) -> Buyer:
    customer = record.read("customer", cells.identity)
    rows = beside.of("customers", customer)
    if not rows:
        return Buyer(external_id=customer, language="pt-BR")
    row = rows[0]
    address = Address(
        city=row.read("city", cells.words, most=200),
        region=row.read("state", cells.words, most=80),
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
