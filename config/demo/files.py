"""Order files for the demo's imports: the table of a market stall's till, and a Taobao order report.

Each has two rows that are rejected, and some orders with anomalies.
"""

import csv
import io
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from config.demo.catalogue import DemoShop
from config.demo.places import COUNTRIES
from signoff.imports.formats.mapping import ColumnMapping

STALL = {
    "number": "Order", "placed": "Date", "article": "SKU", "title": "Item", "quantity": "Qty", "price": "Each",
    "shipping": "Postage", "total": "Total", "paid": "Paid", "ship_name": "Name", "email": "E-mail",
    "ship_street": "Street", "ship_city": "Town", "ship_postcode": "Postcode", "ship_country": "Country",
    "phone": "Telephone",
}  # fmt: skip
STALL_MAPPING = ColumnMapping(STALL, currency="GBP", zone="Europe/London", mark=".", day_first=True)
TAOBAO = (
    "订单编号", "买家会员名", "买家支付宝账号", "买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额", "订单状态",
    "收货人姓名", "收货地址", "运送方式", "联系电话", "联系手机", "订单创建时间", "订单付款时间", "宝贝标题", "宝贝种类",
    "物流单号", "物流公司", "订单备注", "宝贝总数量",
)  # fmt: skip
#: columns that are spoiled, by the index of the row
STALL_FLAWS: dict[int, dict[str, str]] = {
    2: {"Postcode": ""},
    4: {"Paid": "20.00"},
    5: {"Qty": "two"},
    7: {"Total": "99.00"},
    8: {"Date": "31/02/2026 10:15"},
    9: {"Street": "", "Town": ""},
}
TAOBAO_FLAWS: dict[int, dict[str, str]] = {
    1: {"收货地址": "", "联系手机": ""},
    3: {"订单状态": "等待买家付款", "订单付款时间": "", "买家实际支付金额": "0.00"},
    4: {"宝贝总数量": "0"},
    6: {"订单创建时间": "2026-13-05 09:30:00"},
    8: {"联系手机": ""},
}
type FileRow = dict[str, str]


def stall_table(demo: DemoShop, rng: random.Random, *, first: int, today: datetime) -> bytes:
    """CSV file of a till with twelve orders sold at a market stall."""
    rows = [_stall_row(demo, rng, f"ST-{first + n}", today - timedelta(hours=30 - n)) for n in range(12)]
    return _table(_with_flaws(rows, STALL_FLAWS), list(dict.fromkeys(STALL.values()))).encode("utf-8-sig")


def taobao_report(demo: DemoShop, rng: random.Random, *, today: datetime) -> bytes:
    """Taobao order report with fourteen orders, in GB 18030."""
    rows = [_taobao_row(demo, rng, today - timedelta(hours=40 - 2 * n)) for n in range(14)]
    return _table(_with_flaws(rows, TAOBAO_FLAWS), TAOBAO).encode("gb18030")


def _stall_row(demo: DemoShop, rng: random.Random, number: str, placed: datetime) -> FileRow:
    article, units, person = rng.choice(demo.articles), rng.choice((1, 1, 2)), _person(demo, rng)
    total = units * Decimal(article.price) + Decimal("3.50")
    values: dict[str, Any] = {
        "number": number, "placed": f"{_local_time(demo, placed):%d/%m/%Y %H:%M}", "article": article.sku,
        "title": article.title, "quantity": units, "price": article.price, "shipping": "3.50", "total": total,
        "paid": total, "ship_name": person["name"], "email": f"{number.lower()}@stall.example",
        "ship_street": person["street"], "ship_city": person["town"], "ship_postcode": person["postcode"],
        "ship_country": demo.country, "phone": f"+44 7700 91{rng.randrange(10**4):04}",
    }  # fmt: skip
    return {column: str(values[field]) for field, column in STALL.items() if field in values}


def _taobao_row(demo: DemoShop, rng: random.Random, placed: datetime) -> FileRow:
    article, units, person = rng.choice(demo.articles), rng.choice((1, 1, 2)), _person(demo, rng)
    goods, moment = units * Decimal(article.price), _local_time(demo, placed)
    return {
        "订单编号": f'="38{rng.randrange(10**16, 10**17)}"',
        "买家会员名": f"tb{rng.randrange(10**7, 10**8)}",
        "买家应付货款": str(goods),
        "买家应付邮费": "0.00",
        "总金额": str(goods),
        "买家实际支付金额": str(goods - rng.choice((0, 0, 5))),
        "订单状态": "买家已付款，等待卖家发货",
        "收货人姓名": person["name"],
        "收货地址": f"{person['region']} {person['town']} {person['street']}({person['postcode']})",
        "运送方式": "快递",
        "联系手机": f"'1380014{rng.randrange(10**4):04}",
        "订单创建时间": f"{moment:%Y-%m-%d %H:%M:%S}",
        "订单付款时间": f"{moment + timedelta(minutes=3):%Y-%m-%d %H:%M:%S}",
        "宝贝标题": article.title,
        "宝贝种类": "1",
        "宝贝总数量": str(units),
    }


def _person(demo: DemoShop, rng: random.Random) -> FileRow:
    country = COUNTRIES[demo.country]
    town, region, postcode = rng.choice(country.towns)
    first, last = rng.choice(demo.first_names), rng.choice(demo.last_names)
    house_number, street = rng.randint(1, 180), rng.choice(country.streets)
    chinese = demo.country == "CN"
    return {
        "name": f"{last}{first}" if chinese else f"{first} {last}",
        "street": f"{street}{house_number}号" if chinese else f"{house_number} {street}",
        "town": town,
        "region": region,
        "postcode": postcode,
    }


def _local_time(demo: DemoShop, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(demo.time_zone))


def _with_flaws(rows: list[FileRow], flaws: dict[int, dict[str, str]]) -> list[FileRow]:
    return [row | flaws.get(n, {}) for n, row in enumerate(rows)]


def _table(rows: Sequence[FileRow], titles: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, titles)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
