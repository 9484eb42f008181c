"""The mapping of a shop's own columns to our fields, and guesses of it from the titles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from signoff.imports.files.csv import normalise_title

REQUIRED = ("number", "article", "quantity", "price", "placed")
OPTIONAL = (
    "currency", "line", "title", "category", "discount", "tax", "tax_rate", "order_discount", "discount_code",
    "shipping", "shipping_title", "shipping_tax", "total", "paid", "refunded", "payment_method", "payment_reference",
    "status", "customer", "email", "phone", "language", "ship_name", "ship_company", "ship_street", "ship_city",
    "ship_region", "ship_postcode", "ship_country", "carrier", "tracking", "sent", "delivered", "promised", "supplier",
    "seller", "warehouse",
)  # fmt: skip
GUESSES = {
    "number": ("order number", "order no", "order id", "orderid", "order", "订单号", "订单编号", "訂單編號"),
    "article": ("sku", "article", "article number", "articleid", "product id", "item", "货号", "商品编码", "貨號"),
    "quantity": ("quantity", "qty", "units", "数量", "數量"),
    "price": ("price", "unit price", "单价", "單價", "价格"),
    "placed": ("date", "order date", "orderdate", "created at", "placed", "下单时间", "订单时间", "下單時間"),
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
    r"""How to read a shop's own table.

    ``columns``: our field → the title. ``mark`` is the decimal mark, if known; ``day_first`` reads 3/4/2024 as 3 April;
    ``zone`` is the time zone of local times; ``currency`` is that of rows without one.
    """

    columns: Mapping[str, str]
    currency: str = ""
    zone: str = "UTC"
    mark: Literal["", ".", ","] = ""
    day_first: bool | None = None
    prices_include_tax: bool = True


def guess_columns(header: Sequence[str]) -> dict[str, str]:
    """A first mapping for people to correct, by common titles of each field."""
    titles = {normalise_title(title): title for title in reversed(header)}
    columns = {}
    for field, guesses in GUESSES.items():
        if title := next((titles[normalise_title(name)] for name in guesses if normalise_title(name) in titles), None):
            columns[field] = title
    return columns
