"""Reader of any CSV or XLSX table by a column mapping.

One row is one line of an order; two passes, wherever the rows of an order are. Values of the order (shipping,
total, buyer) may be on one of its rows or on all of them, but may not contradict each other. The time of
the order is that of its earliest row.
"""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from signoff.imports.files import cells
from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import Source
from signoff.imports.formats.addresses import read_address
from signoff.imports.formats.mapping import OPTIONAL, REQUIRED, ColumnMapping
from signoff.imports.layouts.columns import Layout, Record, first_with_value, read_each, reject_duplicate_lines
from signoff.imports.layouts.readers import ADDRESS_COLUMNS, UnsortedTableReader
from signoff.imports.orders.parsed import (
    ZERO,
    Buyer,
    SentParcel,
    SoldDiscount,
    SoldItem,
    SoldOrder,
    SoldPayment,
    SoldShipping,
)


class MappedTableReader(UnsortedTableReader):
    """Reads one table. Raises ``UnreadableFile`` for a mapping that lacks a field or names a missing column."""

    def __init__(self, source: Source, recipe: ColumnMapping) -> None:
        columns = {field: (title,) for field, title in recipe.columns.items() if title}
        if unknown := columns.keys() - {*REQUIRED, *OPTIONAL}:
            raise UnreadableFile(_("There is no field “%(field)s”.") % {"field": min(unknown)})
        if missing := [name for name in REQUIRED if name not in columns]:
            raise UnreadableFile(_("Choose the columns that hold: %(fields)s.") % {"fields": ", ".join(missing)})
        if "currency" not in columns and not recipe.currency:
            raise UnreadableFile(_("Choose the column that holds the currency, or the currency of all amounts."))
        builder = _OrderBuilder(recipe)
        layout = Layout(source.table, {name: columns[name] for name in [*REQUIRED, *(columns.keys() - REQUIRED)]})
        super().__init__(layout, builder.order, zone=builder.zone, column_of=ADDRESS_COLUMNS | {"article": "article"})


class _OrderBuilder:
    """Builds orders from rows by one column mapping."""

    def __init__(self, recipe: ColumnMapping) -> None:
        self.recipe = recipe
        self.zone: tzinfo = ZoneInfo(recipe.zone)
        self.amount = partial(cells.amount, mark=recipe.mark)
        self.moment = partial(cells.moment, zone=self.zone, day_first=recipe.day_first)
        self.optional_moment = partial(cells.optional_moment, zone=self.zone, day_first=recipe.day_first)
        self.day = partial(cells.day, zone=self.zone, day_first=recipe.day_first)

    def order(self, records: Sequence[Record]) -> SoldOrder:
        first = records[0]
        number = first.read("number", cells.identity)
        items = read_each(records, self.item)
        reject_duplicate_lines(records, "line")
        placed = min(read_each(records, lambda record: record.read("placed", self.moment)))
        total = self._optional(first_with_value(records, "total"), "total")
        paid = self._optional(first_with_value(records, "paid"), "paid")
        buyer = self._buyer(records)
        return SoldOrder(
            number=number,
            number_column=first.layout.title("number"),
            placed_at=placed,
            buyer=buyer,
            country=buyer.address.country if buyer.address else "",
            currency=self._currency(records),
            items=items,
            row=first.row,
            prices_include_tax=self.recipe.prices_include_tax,
            discounts=self._discounts(records),
            shipping=self._shipping(records),
            payments=self._payments(records, paid),
            total=total,
            paid=paid is None or paid > 0,
            status=first_with_value(records, "status").read("status", cells.words, max_length=80),
            parcels=tuple(self._parcels(records)),
        )

    def item(self, record: Record) -> SoldItem:
        return SoldItem(
            row=record.row,
            sku=record.read("article", cells.identity),
            title=record.read("title", cells.words),
            quantity=record.read("quantity", cells.units),
            unit_price=self._price(record),
            is_goods=True,
            discount=record.read("discount", self.amount),
            tax=self._optional(record, "tax"),
            tax_rate=record.read("tax_rate", cells.rate),
            external_id=record.read("line", cells.identity) if record["line"] else "",
            category=record.read("category", cells.words, max_length=80),
            supplier=record.read("supplier", cells.words, max_length=80),
        )

    def _price(self, record: Record) -> Decimal:
        if not record["price"]:
            raise record.error("price", _("The line has no price. Enter 0 if it was free."))
        return record.read("price", self.amount)

    def _optional(self, record: Record, column: str) -> Decimal | None:
        return record.read(column, self.amount) if record[column] else None

    def _currency(self, records: Sequence[Record]) -> str:
        record = first_with_value(records, "currency")
        if not record["currency"] and self.recipe.currency:
            return cells.currency("currency", self.recipe.currency)
        return record.read("currency", cells.currency)

    def _discounts(self, records: Sequence[Record]) -> tuple[SoldDiscount, ...]:
        amount = first_with_value(records, "order_discount").read("order_discount", self.amount)
        code = first_with_value(records, "discount_code").read("discount_code", cells.words, max_length=80)
        return (SoldDiscount(code, amount),) if amount else ()

    def _shipping(self, records: Sequence[Record]) -> tuple[SoldShipping, ...]:
        amount = first_with_value(records, "shipping").read("shipping", self.amount)
        title = first_with_value(records, "shipping_title").read("shipping_title", cells.words, max_length=120)
        tax = self._optional(first_with_value(records, "shipping_tax"), "shipping_tax")
        return (SoldShipping(title, amount, tax=tax),) if amount or title else ()

    def _payments(self, records: Sequence[Record], paid: Decimal | None) -> tuple[SoldPayment, ...]:
        method, reference = (
            first_with_value(records, column).read(column, cells.words, max_length=120)
            for column in ("payment_method", "payment_reference")
        )
        column = first_with_value(records, "refunded")
        refunded = column.read("refunded", self.amount)
        if refunded > (paid or ZERO):
            raise column.error("refunded", _("The refund is higher than the amount paid."))
        return (SoldPayment(method, reference, paid, refunded),) if paid else ()

    def _buyer(self, records: Sequence[Record]) -> Buyer:
        for column in ("customer", "email", "phone", "ship_name", "ship_street"):
            first_with_value(records, column)
        customer = first_with_value(records, "customer")
        address = read_address(first_with_value(records, "ship_street" if customer.has("ship_street") else "ship_city"))
        name = first_with_value(records, "ship_name").read("ship_name", cells.words, max_length=200)
        return Buyer(
            external_id=customer.read("customer", cells.identity) if customer["customer"] else "",
            name=name,
            email=first_with_value(records, "email").read("email", cells.words),
            phone=first_with_value(records, "phone").read("phone", cells.words, max_length=40),
            address=address if address.lines() else None,
            language=first_with_value(records, "language").read("language", cells.words, max_length=10),
        )

    def _parcels(self, records: Sequence[Record]) -> Iterator[SentParcel]:
        """Rows with the same carrier and tracking number are one parcel."""
        rows_by_parcel: dict[tuple[str, str], list[tuple[int, Record]]] = {}
        for place, record in enumerate(records):
            if any(record[column] for column in ("tracking", "sent", "delivered", "promised")):
                key = (record.read("carrier", cells.words, max_length=60), record["tracking"])
                rows_by_parcel.setdefault(key, []).append((place, record))
        for (carrier, tracking), rows in rows_by_parcel.items():
            first = rows[0][1]
            sent, delivered = (first.read(column, self.optional_moment) for column in ("sent", "delivered"))
            yield SentParcel(
                carrier=carrier,
                number=first.read("tracking", cells.identity) if tracking else "",
                sent_at=sent,
                delivered_at=delivered,
                promised_on=first.read("promised", self.day),
                items=tuple((place, row.read("quantity", cells.units)) for place, row in rows),
                seller=first.read("seller", cells.words, max_length=80),
                warehouse=first.read("warehouse", cells.words, max_length=80),
            )
