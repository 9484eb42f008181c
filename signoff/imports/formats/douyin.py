"""Douyin (抖店), orders export (CSV with BOM, ids kept by a TAB): one row per sub-order, in two passes wherever
the rows of an order are.

订单应付金额 is what the buyer owes for the sub-order, its freight included and all discounts taken off,
whether platform, merchant or 达人 pays them. The list price of the goods is that amount and the discounts together.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from signoff.imports.files import cells
from signoff.imports.files.uploaded import Source
from signoff.imports.formats import china
from signoff.imports.formats.addresses import read_chinese_address
from signoff.imports.layouts.columns import Layout, Record, first_with_value, read_each, reject_duplicate_lines
from signoff.imports.layouts.readers import UnsortedTableReader
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

NEEDED = {
    "number": ("主订单编号",),
    "line": ("子订单编号",),
    "title": ("选购商品",),
    "quantity": ("商品数量",),
    "price": ("订单应付金额",),
    "placed": ("订单提交时间",),
    "status": ("订单状态",),
}
ALSO = {
    "variant": ("商品规格",), "sku": ("商家编码",), "freight": ("运费",), "name": ("收件人",),
    "phone": ("收件人手机号",), "address": ("详细地址",), "sent": ("发货时间",), "done": ("订单完成时间",),
    "platform": ("平台实际承担优惠金额",), "merchant": ("商家实际承担优惠金额",), "talent": ("达人实际承担优惠金额",),
}  # fmt: skip
BEARERS = {"platform": "平台优惠", "merchant": "商家优惠", "talent": "达人优惠"}


def recognises(source: Source) -> bool:
    return source.is_table("主订单编号", "子订单编号", "选购商品", "订单应付金额")


def reader(source: Source) -> Reader:
    column_of = china.SHIP_TO | {"article": "sku"}
    return UnsortedTableReader(Layout(source.table, NEEDED, ALSO), _order, zone=china.SHANGHAI, column_of=column_of)


def _order(records: Sequence[Record]) -> SoldOrder:
    first = records[0]
    number = first.read("number", cells.identity)
    items = read_each(records, _item)
    reject_duplicate_lines(records, "line")
    statuses = sorted({record["status"] for record in records})
    freight = sum(read_each(records, lambda record: record.read("freight", china.amount)), ZERO)
    total = sum(read_each(records, lambda record: record.read("price", china.amount)), ZERO)
    paid = not any(map(china.is_unpaid, statuses)) and not all(map(china.is_closed, statuses))
    address = read_chinese_address(first, name="name", address="address", phone="phone")
    placed = first_with_value(records, "placed").read("placed", china.moment)
    return SoldOrder(
        number=number,
        number_column=first.layout.title("number"),
        placed_at=placed,
        buyer=Buyer(name=address.name, phone=address.phone, address=address, language="zh-hans"),
        country="CN",
        currency=china.CURRENCY,
        items=items,
        row=first.row,
        discounts=tuple(_discounts(records)),
        shipping=(SoldShipping("", freight),) if freight else (),
        payments=(SoldPayment("", "", total),) if paid and total else (),
        total=total,
        paid=paid,
        cancelled=all(map(china.is_closed, statuses)),
        status=" / ".join(statuses)[:80],
        parcels=tuple(_parcels(records, placed)),
    )


def _item(record: Record) -> SoldItem:
    quantity = record.read("quantity", cells.units)
    due, freight = record.read("price", china.amount), record.read("freight", china.amount)
    if freight > due:
        raise record.error("freight", _("Shipping is higher than the amount that includes it."))
    discount = sum((record.read(bearer, china.amount) for bearer in BEARERS), ZERO)
    listed = due - freight + discount
    variant = record.read("variant", cells.words)
    return SoldItem(
        row=record.row,
        sku=record.read("sku", cells.identity) if record["sku"] else "",
        title=" ".join(filter(None, (record.read("title", cells.words), variant)))[:250],
        quantity=quantity,
        unit_price=china.unit_price(listed, quantity),
        is_goods=True,
        discount=discount,
        external_id=record.read("line", cells.identity),
        list_total=listed,
    )


def _discounts(records: Sequence[Record]) -> Iterator[SoldDiscount]:
    for bearer, words in BEARERS.items():
        amounts: list[Decimal] = [record.read(bearer, china.amount) for record in records]
        if column_of := sum(amounts, ZERO):
            yield SoldDiscount(words, column_of, tuple(n for n, part in enumerate(amounts) if part), in_items=True)


def _parcels(records: Sequence[Record], placed: datetime) -> Iterator[SentParcel]:
    """One parcel per time of sending; the export has no tracking numbers."""
    items_by_moment: dict[datetime, list[tuple[int, int]]] = {}
    for place, record in enumerate(records):
        if sent_at := record.read("sent", china.optional_moment):
            if sent_at < placed:
                raise record.error("sent", _("The dispatch can't be earlier than the order."))
            items_by_moment.setdefault(sent_at, []).append((place, record.read("quantity", cells.units)))
    return (SentParcel(sent_at=sent_at, items=tuple(items)) for sent_at, items in sorted(items_by_moment.items()))
