"""Taobao and Tmall, 订单报表 (ExportOrderList, CSV in GBK or GB 18030): one row is one order, so one pass is enough.

The report has no lines: one cell has the titles of all articles, with their number and total price. It
becomes one line without article number. 总金额 is what the goods and the freight cost, 买家实际支付金额 what
the buyer paid; the difference (coupons, points, red packets) is a discount.
"""

from collections.abc import Sequence
from decimal import Decimal

from signoff.imports.files import cells
from signoff.imports.files.uploaded import Source
from signoff.imports.formats import china
from signoff.imports.formats.addresses import read_chinese_address
from signoff.imports.layouts.columns import Layout, Record
from signoff.imports.layouts.readers import SortedTableReader
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
    "number": ("订单编号",),
    "price": ("买家应付货款",),
    "total": ("总金额",),
    "paid": ("买家实际支付金额",),
    "status": ("订单状态",),
    "placed": ("订单创建时间",),
    "title": ("宝贝标题",),
    "quantity": ("宝贝总数量",),
}
ALSO = {
    "buyer": ("买家会员名",), "freight": ("买家应付邮费",),
    "name": ("收货人姓名",), "address": ("修改后的收货地址", "收货地址"), "first_address": ("收货地址",),
    "method": ("运送方式",), "phone": ("联系电话",), "mobile": ("联系手机",), "paid_at": ("订单付款时间",),
    "refunded": ("退款金额",), "sku": ("修改后的sku",), "tracking": ("物流单号",), "carrier": ("物流公司",),
    "closed": ("订单关闭原因",),
}  # fmt: skip
DISCOUNT = "优惠"
METHOD = "支付宝"


def recognises(source: Source) -> bool:
    return source.is_table("订单编号", "买家会员名", "买家实际支付金额", "宝贝总数量")


def reader(source: Source) -> Reader:
    return SortedTableReader(
        Layout(source.table, NEEDED, ALSO),
        _order,
        group=lambda records: ([record] for record in records),
        zone=china.SHANGHAI,
        column_of=china.SHIP_TO,
    )


def _order(records: Sequence[Record]) -> SoldOrder:
    (record,) = records
    number = record.read("number", cells.identity)
    quantity = record.read("quantity", cells.units)
    goods, freight = record.read("price", china.amount), record.read("freight", china.amount)
    paid_at = record.read("paid_at", china.optional_moment)
    total, paid = record.read("total", china.amount), record.read("paid", china.amount)
    is_paid = paid_at is not None or (not record.has("paid_at") and paid > 0)
    item = SoldItem(
        row=record.row,
        sku=record.read("sku", cells.words, max_length=cells.MAX_LENGTH),
        title=record.read("title", cells.words),
        quantity=quantity,
        unit_price=china.unit_price(goods, quantity),
        is_goods=True,
        list_total=goods,
    )
    buyer = _buyer(record)
    return SoldOrder(
        number=number,
        number_column=record.layout.title("number"),
        placed_at=record.read("placed", china.moment),
        buyer=buyer,
        country="CN",
        currency=china.CURRENCY,
        items=[item],
        row=record.row,
        discounts=(SoldDiscount(DISCOUNT, total - paid),) if is_paid and paid < total else (),
        shipping=_shipping(record, freight),
        payments=(_payment(record, paid),) if is_paid and paid else (),
        total=paid if is_paid else total,
        paid=is_paid,
        cancelled=china.is_closed(record["status"]),
        status=record["status"][:80],
        parcels=_parcels(record),
    )


def _payment(record: Record, paid: Decimal) -> SoldPayment:
    """Taobao closes a paid order only after it has refunded it whole."""
    refunded = paid if china.is_closed(record["status"]) else record.read("refunded", china.amount)
    return SoldPayment(METHOD, "", paid, min(refunded, paid))


def _shipping(record: Record, freight: Decimal) -> tuple[SoldShipping, ...]:
    title = record.read("method", cells.words, max_length=120)
    return (SoldShipping(title, freight),) if title or freight > ZERO else ()


def _buyer(record: Record) -> Buyer:
    address_column = "address" if record["address"] else "first_address"
    phone = "mobile" if record["mobile"] else "phone"
    address = read_chinese_address(record, name="name", address=address_column, phone=phone)
    return Buyer(
        external_id=record.read("buyer", cells.identity) if record["buyer"] else "",
        name=address.name,
        phone=address.phone,
        address=address,
        language="zh-hans",
    )


def _parcels(record: Record) -> tuple[SentParcel, ...]:
    """Tracking numbers are written as ``No:YT…``; a cell may have several."""
    text = record.read("tracking", cells.words).replace("：", ":").removeprefix("No:")
    carrier = record.read("carrier", cells.words, max_length=60)
    numbers = [number.removeprefix("No:") for number in text.replace(",", " ").replace(";", " ").split()]
    return tuple(SentParcel(carrier, number[: cells.MAX_LENGTH]) for number in numbers if number)
