"""Texts about parcels that carriers, shoppers and agents of the demo write: (English, Simplified, Traditional)."""

from config.demo.texts import Translations
from signoff.models import Rating, TrackingEvent

Code, Harm = TrackingEvent.Code, TrackingEvent.Harm

#: the carrier's text of a tracking event, by its code, or by the harm that it reports
EVENTS: dict[str, Translations] = {
    Code.REGISTERED: ("Label made by the sender", "商家已发货，等待揽收", "商家已出貨，等待攬收"),
    Code.IN_TRANSIT: ("Left the depot", "快件已离开中转场", "快件已離開中轉場"),
    Code.OUT_FOR_DELIVERY: ("Out with the driver", "快递员正在派送，请保持电话畅通", "快遞員正在派送，請保持電話暢通"),
    Code.DELIVERED: ("Handed over", "已签收，感谢使用", "已簽收，感謝使用"),
    Code.EXCEPTION: ("Nobody there, no safe place", "派送失败：收件人不在", "派送失敗：收件人不在"),
    Code.RETURNED: ("Sent back to the sender", "快件已退回寄件人", "快件已退回寄件人"),
    Harm.DAMAGED: ("Package damaged in the sorting centre", "外包装破损，已登记", "外包裝破損，已登記"),
    Harm.LOST: ("Not found after a search", "经查找，快件遗失", "經查找，快件遺失"),
}
#: what was wrong on delivery, in the shopper's words
FAULTS: dict[str, Translations] = {
    "damaged": (
        "The corner of the box was pushed in and the piece inside is broken.",
        "外箱一角凹陷，里面的东西已经碎了。",
        "外箱一角凹陷，裡面的東西已經碎了。",
    ),
    "missing": (
        "One is missing; the tape was untouched.",
        "少了一件，封箱胶带是完好的。",
        "少了一件，封箱膠帶是完好的。",
    ),
    "wrong_item": ("This is another model.", "款式发错了。", "款式寄錯了。"),
    "defective": ("It does not switch on.", "插上电没有反应。", "插上電沒有反應。"),
}
REFUSAL: Translations = (
    "Something rattled inside and the box was soaked, so I sent the driver away with it.",
    "箱子湿透了，里面哗啦响，当场拒收。",
    "箱子濕透了，裡面嘩啦響，當場拒收。",
)
REMARK: Translations = (
    "All there. The outer box was a little crushed, the goods are fine.",
    "东西齐全，外箱有点压痕，里面没问题。",
    "東西齊全，外箱有點壓痕，裡面沒問題。",
)
CALLED: Translations = (
    "The driver had it in the wrong van; it goes out again tomorrow.",
    "已联系快递员，装错车，明天重新派送。",
    "已聯絡快遞員，裝錯車，明天重新派送。",
)
ONLY_TAPE: Translations = (
    "The carrier sent a photo: only the tape was torn, the box is whole.",
    "快递公司发来照片，只是胶带开裂，箱体完好。",
    "快遞公司發來照片，只是膠帶開裂，箱體完好。",
)
#: comments with few and with many stars
STARS: dict[str, tuple[Translations, Translations]] = {
    Rating.About.SHOP: (
        ("Packed loosely for something so fragile.", "易碎品包装太简单了。", "易碎品包裝太簡單了。"),
        ("Beautifully packed, and exactly as in the pictures.", "包装很用心，和图片一样。", "包裝很用心，和圖片一樣。"),
    ),
    Rating.About.CARRIER: (
        (
            "Came days late and nobody answered the telephone.",
            "晚了好几天，电话也打不通。",
            "晚了好幾天，電話也打不通。",
        ),
        ("Rang first, came on time, friendly.", "提前打电话，准时送到，态度很好。", "提前打電話，準時送到，態度很好。"),
    ),
}
WAIVED: Translations = (
    "Ice closed both roads to the depot that week; every carrier was late. Agreed by telephone with their manager.",
    "那一周暴雪封路，各家快递都晚了，已与对方站点电话确认。",
    "那一週暴雪封路，各家快遞都晚了，已與對方站點電話確認。",
)
