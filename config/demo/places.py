"""Addresses, depots, warehouses, sellers and suppliers of the demo by country; only the towns exist."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from config.demo.catalogue import DemoShop
from signoff.models import Customer, Destination, Order


@dataclass(frozen=True)
class CountryData:
    """``towns`` are (town, region, postcode); ``suppliers`` are by category; the first of ``sellers`` is the shop."""

    towns: tuple[tuple[str, str, str], ...]
    streets: tuple[str, ...]
    hubs: tuple[str, ...]
    warehouses: tuple[str, ...]
    sellers: tuple[str, ...]
    suppliers: Mapping[str, str]


COUNTRIES = {
    "GB": CountryData(
        towns=(
            ("Bristol", "", "BS6 5QP"),
            ("Leeds", "", "LS7 3DN"),
            ("Norwich", "Norfolk", "NR2 4HB"),
            ("Edinburgh", "", "EH9 1TD"),
            ("Brighton", "East Sussex", "BN2 9JX"),
            ("Cardiff", "", "CF11 9LN"),
            ("Sheffield", "", "S11 8RE"),
            ("London", "", "SE15 4UF"),
        ),
        streets=("Lantern Row", "Old Mill Lane", "Saltmarsh Road", "Plover Close", "Quince Street", "Tanner’s Yard"),
        hubs=("Avonmouth depot", "Daventry hub", "Wakefield hub", "Thurrock depot"),
        warehouses=("Bristol Dock 2", "Leeds North"),
        sellers=("Kiln & Kettle", "Loom & Ladder"),
        suppliers={
            "lighting": "Halden Lights",
            "kitchen": "Copperfold Ltd",
            "tableware": "Saltglaze Studio",
            "textiles": "Moorside Mill",
            "electronics": "Pica Works",
            "bags": "Tarnway Goods",
            "shoes": "Tarnway Goods",
            "watches": "Meridian & Lyle",
            "plants": "Greenhollow Nursery",
        },
    ),
    "CN": CountryData(
        towns=(
            ("杭州市", "浙江省", "310012"),
            ("上海市", "上海市", "200040"),
            ("成都市", "四川省", "610041"),
            ("广州市", "广东省", "510620"),
            ("南京市", "江苏省", "210008"),
            ("武汉市", "湖北省", "430070"),
            ("西安市", "陕西省", "710061"),
        ),
        streets=("望湖路", "栖霞街", "采薇路", "听雨巷", "青禾大道", "松间路"),
        hubs=("杭州转运中心", "上海分拨中心", "武汉中转场", "成都集散点"),
        warehouses=("杭州余杭仓", "成都双流仓"),
        sellers=("归雁家居自营", "山野杂货铺"),
        suppliers={
            "厨房电器": "暖灶电器厂",
            "厨房": "百炼锅具厂",
            "茶具": "春山窑",
            "餐具": "春山窑",
            "家纺": "云纹织造",
            "数码": "静界声学",
            "灯具": "知白照明",
            "箱包": "行远箱包",
            "鞋靴": "踏青鞋业",
            "腕表": "守时表行",
            "绿植": "南坡苗圃",
        },
    ),
}


def make_destination(order: Order, buyer: Customer, demo: DemoShop, rng: random.Random) -> Destination:
    """A random address of the buyer; not saved."""
    country = COUNTRIES[demo.country]
    town, region, postcode = rng.choice(country.towns)
    street, house_number = rng.choice(country.streets), rng.randint(1, 180)
    chinese = f"{street} {house_number} 号 {rng.randint(1, 9)} 幢 {rng.randint(1, 18)}0{rng.randint(1, 4)} 室"
    return Destination(
        order=order,
        name=buyer.name,
        street=chinese if demo.country == "CN" else f"{house_number} {street}",
        city=town,
        region=region,
        postcode=postcode,
        country=demo.country,
        phone=buyer.phone,
    )
