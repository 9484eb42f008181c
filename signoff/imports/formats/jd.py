"""JD.com (京东), orders export: one row per article, in two passes wherever the rows of an order are.

订单金额 is the order's total and is repeated on every row: it is counted once. What the goods cost more than it is a
discount. Freight is in it or comes on top, whichever adds up. 余额支付 is the part paid from the buyer's balance;
结算金额 is between JD and the merchant and not the buyer's money.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from signoff.imports.files import cells
from signoff.imports.files.uploaded import Source
from signoff.imports.formats import china
from signoff.imports.formats.addresses import read_chinese_address
from signoff.imports.formats.payment_methods import is_on_delivery
from signoff.imports.layouts.columns import Layout, Record, first_with_value, read_each
from signoff.imports.layouts.readers import UnsortedTableReader
from signoff.imports.orders.parsed import (
    ZERO,
    Buyer,
    Reader,
    SoldDiscount,
    SoldItem,
    SoldOrder,
    SoldPayment,
    SoldShipping,
)
from signoff.imports.orders.pricing import goods_total

NEEDED = {
    "number": ("订单号",),
    "article": ("商品ID",),
    "title": ("商品名称",),
    "quantity": ("订购数量",),
    "price": ("京东价",),
    "total": ("订单金额",),
    "placed": ("下单时间",),
    "status": ("订单状态",),
}
ALSO = {
    "method": ("支付方式",), "balance": ("余额支付",), "account": ("下单帐号", "下单账号"), "name": ("客户姓名",),
    "address": ("客户地址",), "phone": ("联系电话",), "freight": ("运费金额",), "paid_at": ("付款确认时间",),
    "sku": ("货号",),
}  # fmt: skip
DISCOUNT, BALANCE = "优惠", "余额"
DONE = ("完成", "已签收")


def recognises(source: Source) -> bool:
    return source.is_table("订单号", "商品ID", "京东价", "订单金额", "订购数量")


def reader(source: Source) -> Reader:
    column_of = china.SHIP_TO | {"article": "article"}
    return UnsortedTableReader(Layout(source.table, NEEDED, ALSO), _order, zone=china.SHANGHAI, column_of=column_of)


def _order(records: Sequence[Record]) -> SoldOrder:
    first = records[0]
    number = first.read("number", cells.identity)
    items = read_each(records, _item)
    freight = first_with_value(records, "freight").read("freight", china.amount)
    stated = first_with_value(records, "total")
    if not stated["total"]:
        raise first.error("total", _("The order has no total."))
    total, discount = _total_and_discount(
        goods_total(items, china.CURRENCY), freight, stated.read("total", china.amount)
    )
    status = first_with_value(records, "status")["status"]
    paid = bool(first_with_value(records, "paid_at").read("paid_at", china.optional_moment)) or any(
        word in status for word in DONE
    )
    buyer = _buyer(records)
    return SoldOrder(
        number=number,
        number_column=first.layout.title("number"),
        placed_at=first_with_value(records, "placed").read("placed", china.moment),
        buyer=buyer,
        country="CN",
        currency=china.CURRENCY,
        items=items,
        row=first.row,
        discounts=(SoldDiscount(DISCOUNT, discount),) if discount else (),
        shipping=(SoldShipping("", freight),) if freight else (),
        payments=_payments(records, total, cancelled=china.is_closed(status)) if paid else (),
        total=total,
        paid=paid,
        on_delivery=is_on_delivery(first_with_value(records, "method")["method"]),
        cancelled=china.is_closed(status),
        status=status[:80],
    )


def _item(record: Record) -> SoldItem:
    article = record.read("article", cells.identity)
    return SoldItem(
        row=record.row,
        sku=record.read("sku", cells.identity) if record["sku"] else article,
        title=record.read("title", cells.words),
        quantity=record.read("quantity", cells.units),
        unit_price=record.read("price", china.amount),
        is_goods=True,
        external_id=article,
    )


def _total_and_discount(listed: Decimal, freight: Decimal, stated: Decimal) -> tuple[Decimal, Decimal]:
    """The order's total and its discount; a stated total above goods and freight is kept as it is."""
    total = stated + freight if stated == listed else stated
    return total, max(listed + freight - total, ZERO)


def _payments(records: Sequence[Record], total: Decimal, *, cancelled: bool) -> tuple[SoldPayment, ...]:
    """The payments; JD cancels a paid order only after it has refunded it whole."""
    balance = first_with_value(records, "balance")
    of_balance = balance.read("balance", china.amount)
    if of_balance > total:
        raise balance.error("balance", _("The amount paid is higher than the order total."))
    method = first_with_value(records, "method").read("method", cells.words, max_length=120)
    parts = ((method, total - of_balance), (BALANCE, of_balance))
    return tuple(SoldPayment(method, "", amount, amount if cancelled else ZERO) for method, amount in parts if amount)


def _buyer(records: Sequence[Record]) -> Buyer:
    record = records[0]
    address = read_chinese_address(record, name="name", address="address", phone="phone")
    account = first_with_value(records, "account")
    return Buyer(
        external_id=account.read("account", cells.identity) if account["account"] else "",
        name=address.name,
        phone=address.phone,
        address=address,
        language="zh-hans",
    )
