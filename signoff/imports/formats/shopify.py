"""Shopify, orders export (CSV, 79 or 66 columns): one row per line, the order's own columns on its first row only.

The exporter writes the rows of an order together, and rows that continue an order are seen by their empty
total, so one pass is enough. The file does not say whether prices include tax, nor whether *Discount Amount*
holds the lines' own discounts or was for the shipping: of the possible interpretations the first with which
the order adds up to its *Total* is used. Several payment methods stay one payment, because the file does not say what
each paid.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from decimal import Decimal
from itertools import product

from django.utils.translation import gettext as _

from signoff.imports.files import cells
from signoff.imports.files.uploaded import Source
from signoff.imports.formats.addresses import read_address
from signoff.imports.formats.payment_methods import is_on_delivery
from signoff.imports.layouts.columns import Layout, Record, read_each
from signoff.imports.layouts.readers import ADDRESS_COLUMNS, SortedTableReader
from signoff.imports.orders.parsed import (
    ZERO,
    Buyer,
    Reader,
    SentParcel,
    SoldDiscount,
    SoldItem,
    SoldOrder,
    SoldPayment,
    SoldShipping,
)
from signoff.imports.orders.pricing import goods_total

NEEDED = {
    "number": ("Name",),
    "financial": ("Financial Status",),
    "currency": ("Currency",),
    "total": ("Total",),
    "placed": ("Created at",),
    "quantity": ("Lineitem quantity",),
    "title": ("Lineitem name",),
    "price": ("Lineitem price",),
    "sku": ("Lineitem sku",),
}
ALSO = {
    "email": ("Email",), "phone": ("Phone",), "id": ("Id",), "shipping": ("Shipping",), "tax": ("Taxes",),
    "duties": ("Duties",), "code": ("Discount Code",), "order_discount": ("Discount Amount",),
    "method": ("Shipping Method",), "discount": ("Lineitem discount",), "taxable": ("Lineitem taxable",),
    "sent": ("Fulfilled at", "Fulfillment Date"), "line_sent": ("Lineitem fulfillment status",),
    "cancelled": ("Cancelled at",), "payment": ("Payment Method",),
    "reference": ("Payment References", "Payment ID", "Payment Reference"), "old_reference": ("Payment Reference",),
    "refunded": ("Refunded Amount",), "outstanding": ("Outstanding Balance",),
    "ship_name": ("Shipping Name",), "ship_company": ("Shipping Company",), "ship_street": ("Shipping Street",),
    "ship_city": ("Shipping City",), "ship_postcode": ("Shipping Zip",), "ship_region": ("Shipping Province",),
    "ship_country": ("Shipping Country",), "ship_phone": ("Shipping Phone",), "bill_name": ("Billing Name",),
    "bill_phone": ("Billing Phone",), "vendor": ("Vendor",), "location": ("Location",),
}  # fmt: skip
REFUNDED = "refunded"
PAID = frozenset({"paid", "partially_refunded", REFUNDED})


def recognises(source: Source) -> bool:
    return source.is_table("Name", "Financial Status", "Lineitem quantity", "Lineitem name", "Lineitem price")


def reader(source: Source) -> Reader:
    return SortedTableReader(
        Layout(source.table, NEEDED, ALSO), _order, group=_split_orders, column_of=ADDRESS_COLUMNS | {"article": "sku"}
    )


def _split_orders(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Split rows into orders: a row with a total begins one, the others continue it."""
    group: list[Record] = []
    for record in records:
        if group and (record["number"] != group[0]["number"] or record["total"]):
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def _order(records: Sequence[Record]) -> SoldOrder:
    first = records[0]
    number = first.read("number", cells.identity)
    if not first["total"]:
        sentence = _(
            "This row continues an order, but the first row of that order is not above it. Sort the file by “Name”."
        )
        raise first.error("number", sentence)
    currency = first.read("currency", cells.currency)
    items = read_each(records, _item)
    if duties := first.read("duties", cells.amount):
        items.append(SoldItem(first.row, "DUTIES", "Duties", 1, duties, is_goods=False, taxable=False))
    total = first.read("total", cells.amount)
    money = _Money(first, items, currency, total)
    status = first["financial"]
    return SoldOrder(
        number=number,
        number_column=first.layout.title("number"),
        placed_at=first.read("placed", cells.moment, zone=UTC),
        buyer=_buyer(first),
        country=read_address(first).country,
        currency=currency,
        items=items,
        row=first.row,
        external_id=first["id"][: cells.MAX_LENGTH],
        prices_include_tax=money.included,
        tax=money.tax,
        discounts=money.discounts(),
        shipping=money.shipping(),
        payments=_payments(first, total),
        total=total,
        paid=status in PAID,
        on_delivery=is_on_delivery(first["payment"]),
        cancelled=bool(first["cancelled"]),
        status=status[:80],
        parcels=_parcels(records),
    )


def _item(record: Record) -> SoldItem:
    return SoldItem(
        row=record.row,
        sku=record.read("sku", cells.identity) if record["sku"] else "",
        title=record.read("title", cells.words),
        quantity=record.read("quantity", cells.units),
        unit_price=record.read("price", cells.amount),
        is_goods=True,
        discount=record.read("discount", cells.amount),
        taxable=record["taxable"].lower() != "false",
        supplier=record.read("vendor", cells.words, max_length=80),
    )


class _Money:
    """Finds the interpretation of discounts and tax with which the order adds up to its total."""

    def __init__(self, first: Record, items: Sequence[SoldItem], currency: str, total: Decimal) -> None:
        self.first = first
        self.tax = first.read("tax", cells.amount)
        self.charged = first.read("shipping", cells.amount)
        self.stated = first.read("order_discount", cells.amount)
        own = sum((item.discount for item in items), ZERO)
        due = goods_total(items, currency) + self.charged
        with_lines = (max(self.stated - own, ZERO), ZERO)
        extra, off_shipping = (self.stated, ZERO), (ZERO, self.stated)
        interpretations = list(product((False, True), (with_lines, extra, off_shipping)))
        matching = [
            (included, parts)
            for included, parts in interpretations
            if due - parts[0] + (ZERO if included else self.tax) == total
        ]
        self.included, (self.of_goods, self.of_shipping) = (matching or interpretations)[0]
        if not self.tax:
            self.included = True

    def discounts(self) -> tuple[SoldDiscount, ...]:
        if not self.stated:
            return ()
        code = self.first.read("code", cells.words, max_length=80)
        if self.of_goods:
            return (SoldDiscount(code, self.of_goods),)
        return (SoldDiscount(code, self.stated, in_items=True),)

    def shipping(self) -> tuple[SoldShipping, ...]:
        title = self.first.read("method", cells.words, max_length=120)
        if not title and not self.charged and not self.of_shipping:
            return ()
        return (SoldShipping(title, self.charged + self.of_shipping, discount=self.of_shipping),)


def _payments(first: Record, total: Decimal) -> tuple[SoldPayment, ...]:
    status = first["financial"]
    amount = total - first.read("outstanding", cells.amount)
    refunded = first.read("refunded", cells.amount)
    if status == REFUNDED and not refunded:
        refunded = amount
    if status not in PAID | {"partially_paid"} or amount < 0:
        return ()
    if refunded > amount:
        raise first.error("refunded", _("The refund is higher than the amount paid."))
    reference = first["reference"] or first["old_reference"]
    return (SoldPayment(first.read("payment", cells.words, max_length=120), reference[:120], amount, refunded),)


def _buyer(first: Record) -> Buyer:
    address = read_address(first)
    return Buyer(
        name=address.name or first.read("bill_name", cells.words, max_length=200),
        email=first.read("email", cells.words),
        phone=first.read("phone", cells.words, max_length=40) or address.phone,
        address=address,
    )


def _parcels(records: Sequence[Record]) -> tuple[SentParcel, ...]:
    """One parcel without a tracking number: the file has only the time of fulfilment."""
    sent = records[0].read("sent", cells.optional_moment, zone=UTC)
    items = tuple(
        (place, record.read("quantity", cells.units))
        for place, record in enumerate(records)
        if record["line_sent"] == "fulfilled"
    )
    warehouse = records[0].read("location", cells.words, max_length=80)
    return (SentParcel(sent_at=sent, items=items, warehouse=warehouse),) if sent and items else ()
