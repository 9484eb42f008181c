"""Tree of return reasons of the demo, the same in both shops."""

from returns.models import Reason
from signoff.models import Shop

#: code, titles in English, Simplified and Traditional Chinese, liability, freight, photos, goods come back, children
GROUPS = (
    (
        "quality",
        ("Quality", "质量问题", "品質問題"),
        (
            ("defective", ("It does not work", "无法正常使用", "無法正常使用"), "supplier", "shop", 1, True),
            ("poor_finish", ("Poor workmanship", "做工瑕疵", "做工瑕疵"), "supplier", "shop", 1, True),
        ),
    ),
    (
        "delivery",
        ("Delivery", "物流问题", "物流問題"),
        (
            ("damaged_in_transit", ("Damaged in transit", "运输途中破损", "運送途中破損"), "carrier", "shop", 1, False),
            ("missing", ("Something is missing", "少件、漏发", "缺件"), "shop", "shop", 0, False),
            ("wrong_item", ("Wrong item", "发错商品", "寄錯商品"), "shop", "shop", 1, True),
            ("late", ("Arrived too late", "配送延误", "配送延誤"), "carrier", "shop", 0, True),
        ),
    ),
    (
        "choice",
        ("Personal reasons", "个人原因", "個人因素"),
        (
            ("size", ("Wrong size", "尺寸不合适", "尺寸不合適"), "shopper", "shopper", 0, True),
            ("not_as_described", ("Not as described", "与描述不符", "與描述不符"), "shop", "shop", 1, True),
            (
                "changed_mind",
                ("Changed my mind", "不想要了（七天无理由）", "改變心意（七天鑑賞期）"),
                "shopper",
                "shopper",
                0,
                True,
            ),
        ),
    ),
)


def make_reasons(shop: Shop) -> dict[str, Reason]:
    """Make the tree of the shop; returns its leaves by code."""
    leaves = {}
    for group_at, (code, titles, children) in enumerate(GROUPS):
        group = _reason(shop, code, titles, position=group_at * 10)
        for at, (leaf, words, liability, freight, photos, back) in enumerate(children, start=1):
            leaves[leaf] = _reason(
                shop,
                leaf,
                words,
                position=group_at * 10 + at,
                parent=group,
                liability=liability,
                freight_bearer=freight,
                photos_required=photos,
                goods_come_back=back,
            )
    return leaves


def _reason(shop: Shop, code: str, titles: tuple[str, str, str], **options: object) -> Reason:
    english, simplified, traditional = titles
    defaults = {"liability": "shop", "freight_bearer": "shop"} | options
    return Reason.objects.create(
        shop=shop, code=code, title_en=english, title_zh_hans=simplified, title_zh_hant=traditional, **defaults
    )
