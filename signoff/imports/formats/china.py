"""Shared by the exports of Chinese marketplaces: time zone, currency, words of their statuses."""

from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from zoneinfo import ZoneInfo

from signoff.imports.files import cells

SHANGHAI = ZoneInfo("Asia/Shanghai")
CURRENCY = "CNY"
FINEST = Decimal("0.001")
#: our column of each expected field; cities and postcodes are part of the street's cell
SHIP_TO = {"name": "name", "street": "address", "phone": "phone"}
CLOSED = ("关闭", "取消", "删除")
UNPAID = ("等待买家付款", "待付款", "待支付", "未付款", "等待付款")

#: Yuan; 1,234.50 and １２ are read
amount = partial(cells.amount, mark=".")
moment = partial(cells.moment, zone=SHANGHAI)
optional_moment = partial(cells.optional_moment, zone=SHANGHAI)


def is_closed(status: str) -> bool:
    return any(word in status for word in CLOSED)


def is_unpaid(status: str) -> bool:
    return any(word in status for word in UNPAID)


def unit_price(total: Decimal, quantity: int) -> Decimal:
    """A unit's part of a line's total, to a tenth of a fen."""
    return (total / quantity).quantize(FINEST, ROUND_HALF_UP)
