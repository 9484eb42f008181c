"""The mapping of a shop's own columns to our fields, and guesses of it from the titles."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from signoff.imports.files.amounts import Mark
from signoff.imports.files.csv import normalise_title

REQUIRED = ("number", "article", "quantity", "price", "placed")
#: fields of which one may be given instead of a required one
INSTEAD = {"article": ("title",), "price": ("line_total",)}
#: what belongs to one line; everything else is about the order and may be on any of its rows
LINE_FIELDS = frozenset({
    "article", "line", "title", "category", "quantity", "price", "line_total", "discount", "tax", "tax_rate",
    "supplier", "carrier", "tracking", "sent", "delivered", "promised", "seller", "warehouse", "event",
})  # fmt: skip
AMOUNTS = (
    "price", "line_total", "discount", "tax", "order_discount", "order_tax", "shipping", "shipping_discount",
    "shipping_tax", "total", "paid", "refunded", "quantity",
)  # fmt: skip
OPTIONAL = (
    "currency", "line", "line_total", "title", "category", "discount", "tax", "tax_rate", "order_discount",
    "order_tax", "placed_time", "event", "discount_code", "shipping", "shipping_discount", "shipping_title",
    "shipping_tax", "total", "paid", "refunded", "payment_method", "payment_reference", "status", "customer", "email",
    "phone", "language", "ship_name", "ship_last_name", "ship_company", "ship_street", "ship_street_2", "ship_city",
    "ship_region", "ship_postcode", "ship_country", "carrier", "tracking", "sent", "delivered", "promised",
    "supplier", "seller", "warehouse",
)  # fmt: skip
GUESSES = {
    "number": (
        "order number",
        "order no",
        "order id",
        "orderid",
        "order",
        "order-id",
        "订单号",
        "订单编号",
        "訂單編號",
        "訂單號",
    ),
    "article": (
        "sku",
        "article",
        "article number",
        "articleid",
        "product id",
        "item",
        "货号",
        "商品编码",
        "貨號",
        "商品編號",
    ),
    "quantity": ("quantity", "qty", "units", "数量", "數量"),
    "price": ("price", "unit price", "单价", "單價", "价格"),
    "line_total": ("line total", "item total", "line amount", "total of the line", "小计", "小計"),
    "placed": (
        "date",
        "order date",
        "orderdate",
        "created at",
        "placed",
        "purchase-date",
        "下单时间",
        "订单时间",
        "下單時間",
    ),
    "currency": ("currency", "货币", "币种", "幣別"),
    "title": ("title", "name", "product", "product name", "商品名称", "商品名稱"),
    "email": ("email", "e-mail", "customer email", "邮箱", "電子郵件"),
    "phone": ("phone", "telephone", "mobile", "电话", "手机", "電話"),
    "customer": ("customer", "customer id", "customerid", "客户编号"),
    "total": ("total", "order total", "总金额", "總金額"),
    "shipping": ("shipping", "freight", "postage", "运费", "運費"),
    "tracking": ("tracking number", "tracking", "物流单号", "物流單號"),
    "carrier": ("carrier", "courier", "物流公司"),
}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How to read a shop's own table.

    ``columns``: our field → the title, or several titles of which the file has one. ``mark`` is the decimal mark, if
    known; ``day_first`` reads 3/4/2024 as 3 April; ``zone`` is the time zone of local times; ``currency`` is that of
    rows without one. ``shipping_per`` says whether each line has its part of the shipping, or each row repeats the
    order's. A status with one of the words in ``cancelled`` or ``unpaid`` means that; without such words only the
    amount paid says whether an order is paid. ``method``, ``language`` and ``country`` are those of orders whose rows
    have none.

    For exports of shop systems: a row whose ``event`` has one of the words in ``returns`` is a past return; a row
    without the field ``line_needs`` says something about the order but is no line; ``whole_order``: the file has no
    lines, so the order is one line of what it cost without shipping; ``discount_from_paid``: what goods and shipping
    cost more than was paid is a discount; prices in ``net_currencies`` are without tax; ``sign_wins``: the sign beside
    an amount says the currency, and ``currency`` is only that of a sign which several have.
    """

    columns: Mapping[str, str | Sequence[str]]
    currency: str = ""
    zone: str = "UTC"
    mark: Mark = ""
    day_first: bool | None = None
    prices_include_tax: bool = True
    shipping_per: Literal["order", "line"] = "order"
    cancelled: Sequence[str] = ()
    unpaid: Sequence[str] = ()
    returns: Sequence[str] = ()
    line_needs: str = ""
    whole_order: bool = False
    discount_from_paid: bool = False
    net_currencies: Sequence[str] = ()
    sign_wins: bool = False
    method: str = ""
    language: str = ""
    country: str = ""

    def titles(self, field: str) -> Sequence[str]:
        """The titles that the column of a field may have; the first is the usual one."""
        titles = self.columns.get(field) or ()
        return (titles,) if isinstance(titles, str) else titles


def missing_fields(columns: Collection[str], *, whole_order: bool = False) -> list[str]:
    """The required fields that a mapping lacks."""
    required = ("number", "placed", "total") if whole_order else REQUIRED
    return [name for name in required if not {name, *INSTEAD.get(name, ())} & set(columns)]


def guess_columns(header: Sequence[str]) -> dict[str, str]:
    """A first mapping for people to correct, by common titles of each field."""
    titles = {normalise_title(title): title for title in reversed(header)}
    columns = {}
    for field, guesses in GUESSES.items():
        if title := next((titles[normalise_title(name)] for name in guesses if normalise_title(name) in titles), None):
            columns[field] = title
    return columns
