"""The two shops of the demo: names, articles, customers and staff, all invented.

Of the carriers only the last one of each shop is invented; nearly all late and damaged parcels come with it, so that
nothing bad is said about companies that exist.
"""

from dataclasses import dataclass


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


@dataclass(frozen=True)
class Article:
    """Something a demo shop sells; ``price`` in the shop's currency, tax included."""

    sku: str
    title: str
    category: str
    price: str
    drawing: str


@dataclass(frozen=True)
class DemoShop:
    """A shop with what it sells and who buys there."""

    slug: str
    name: str
    currency: str
    country: str
    language: str
    time_zone: str
    email: str
    phone: str
    return_address: str
    legal_name: str
    postal_address: str
    site: str
    colour: str
    chosen_colours: dict[str, str]
    tax_rate: str
    prefix: str
    long_ids: str
    shipping: str
    carriers: tuple[str, ...]
    articles: tuple[Article, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


KILN = DemoShop(
    slug="kiln-and-kettle",
    name="Kiln & Kettle",
    currency="GBP",
    country="GB",
    language="en",
    time_zone="Europe/London",
    email="care@kilnandkettle.example",
    phone="+44 20 7946 0112",
    return_address="Kiln & Kettle\nReturns, Dock 2\n14 Harbour Lane\nBristol BS1 6XG\nUnited Kingdom",
    legal_name="Kiln & Kettle Ltd",
    postal_address="14 Harbour Lane\nBristol BS1 6XG",
    site="https://kilnandkettle.example",
    colour="#0b5563",
    chosen_colours={
        "light.hover": "#084350",
        "light.soft": "#e2eff1",
        "light.tint": "#c9e2e6",
        "dark.accent": "#1a7283",
        "dark.hover": "#1c7d8f",
        "dark.text": "#8bd2df",
        "dark.soft": "#11313a",
        "dark.deep": "#0e3d47",
        "dark.tint": "#b5dde4",
    },
    tax_rate="0.20",
    prefix="KK-",
    long_ids="6041",
    shipping="4.95",
    carriers=("Royal Swift", "Northparcel", "Hedgehog Couriers"),
    articles=(
        Article("KK-LAN-01", "Paper lantern “Vesper”, 40 cm", "lighting", "34.00", "lantern"),
        Article("KK-KET-02", "Pour-over kettle “Heron”", "kitchen", "79.00", "kettle"),
        Article("KK-MUG-03", "Stoneware mug “Fern”", "tableware", "18.50", "mug"),
        Article("KK-BLA-04", "Lambswool blanket “Moor”", "textiles", "129.00", "blanket"),
        Article("KK-HEA-05", "Noise-cancelling headphones “Hush 2”", "electronics", "249.00", "headphones"),
        Article("KK-GRI-06", "Hand coffee grinder “Aster”", "kitchen", "89.00", "grinder"),
        Article("KK-LAM-07", "Desk lamp “Quill”", "lighting", "64.00", "lamp"),
        Article("KK-BAC-08", "Day backpack “Tarn” 22 L", "bags", "112.00", "backpack"),
        Article("KK-SHO-09", "Trail shoes “Fell Runner”", "shoes", "134.95", "shoes"),
        Article("KK-WAT-10", "Field watch “Meridian”", "watches", "189.00", "watch"),
        Article("KK-PLA-11", "Potted fig “Little Ficus”", "plants", "27.50", "plant"),
        Article("KK-TEA-12", "Celadon teapot “Low Tide”", "tableware", "58.00", "teapot"),
        Article("KK-KEY-13", "Mechanical keyboard “Pica 84”", "electronics", "145.00", "keyboard"),
        Article("KK-UMB-14", "Storm umbrella “Cumbria”", "bags", "42.00", "umbrella"),
        Article("KK-PAN-15", "Cast-iron pan “Ember” 28 cm", "kitchen", "95.00", "pan"),
    ),
    first_names=_names(
        "Anna Tom Priya João Claire Hannah Oliver Fatima Ravi Sofia Liam Grace Noah Amira Callum Ines Ben Maya Ewan Zoë"
    ),
    last_names=_names(
        "Schmidt Baker Nair Pereira Dubois Whitfield Okafor Rahman Lindqvist Marsh Doyle Kowalski Hart Santos Fraser Lunt"
    ),
)

GUIYAN = DemoShop(
    slug="guiyan",
    name="归雁家居",
    currency="CNY",
    country="CN",
    language="zh-hans",
    time_zone="Asia/Shanghai",
    email="kefu@guiyan.example",
    phone="400-820-0112",
    return_address="归雁家居 售后仓\n浙江省杭州市余杭区\n良渚街道古墩路 1988 号 3 号库\n邮编 311113",
    legal_name="归雁家居旗舰店",
    postal_address="浙江省杭州市余杭区雁归路 28 号",
    site="https://guiyan.example",
    colour="#2f5d46",
    chosen_colours={"light.hover": "#244a37", "light.soft": "#e6f0e9", "light.tint": "#d2e5d8"},
    tax_rate="0.13",
    prefix="GY",
    long_ids="38290417",
    shipping="12.00",
    carriers=("顺丰速运", "中通快递", "圆通速递", "远山快递"),
    articles=(
        Article("GY-1001", "智能电饭煲 4L", "厨房电器", "399.00", "rice_cooker"),
        Article("GY-1002", "手冲咖啡壶 细口", "厨房", "168.00", "kettle"),
        Article("GY-1003", "青瓷茶壶 春山", "茶具", "258.00", "teapot"),
        Article("GY-1004", "陶瓷马克杯 草木", "餐具", "59.00", "mug"),
        Article("GY-1005", "羊毛盖毯 云纹", "家纺", "329.00", "blanket"),
        Article("GY-1006", "降噪耳机 静界 Pro", "数码", "899.00", "headphones"),
        Article("GY-1007", "国风纸灯笼 大号", "灯具", "88.00", "lantern"),
        Article("GY-1008", "护眼台灯 知白", "灯具", "219.00", "lamp"),
        Article("GY-1009", "通勤双肩包 行远", "箱包", "279.00", "backpack"),
        Article("GY-1010", "徒步鞋 踏青 男款", "鞋靴", "459.00", "shoes"),
        Article("GY-1011", "机械腕表 守时", "腕表", "1280.00", "watch"),
        Article("GY-1012", "晴雨伞 江南", "箱包", "79.00", "umbrella"),
        Article("GY-1013", "精铸铁锅 30cm", "厨房", "238.00", "pan"),
        Article("GY-1014", "绿植盆栽 幸福树", "绿植", "69.00", "plant"),
    ),
    first_names=_names("小明 美玲 志伟 雅婷 建国 思远 欣怡 子轩 丽华 俊杰 雨桐 浩然 佳琪 文博 晓彤 家豪"),
    last_names=_names("王 李 陈 林 张 刘 黄 周 吴 徐 郑 许 何 宋"),
)

SHOPS = (KILN, GUIYAN)

#: how many orders each shop gets
ORDERS = {"kiln-and-kettle": 240, "guiyan": 160}

#: approvers needed for plans above these amounts of the shop's currency
TIERS = {"GBP": ((0, 1), (200, 2)), "CNY": ((0, 1), (1000, 2))}

#: delivery terms by country; the English shop opens cases automatically for more exceptions
TERMS = {
    "GB": {"sign_within_days": 7, "quiet_days": 5, "case_for": ["returned", "damaged", "lost"]},
    "CN": {"sign_within_days": 7, "quiet_days": 4, "case_for": ["returned", "lost"]},
}

#: username, first name, last name, role
STAFF = (
    ("agent", "Mei", "Sato", "agent"),
    ("agent2", "Jon", "Lind", "agent"),
    ("inspector", "Ama", "Owusu", "inspector"),
    ("manager", "Wei", "Lan", "manager"),
    ("manager2", "Petra", "Novak", "manager"),
    ("finance", "Rosa", "Teller", "finance"),
    ("admin", "Alex", "Stone", "administrator"),
)
#: name of the team → usernames of its members
TEAMS = {
    "Harbour Lane": ("agent", "agent2", "manager"),
    "归雁售后组": ("agent", "agent2", "manager2"),
    "Inspection": ("inspector", "manager2"),
}
PASSWORD = "homeward-demo"  # noqa: S105 - the demo's, printed at its start
