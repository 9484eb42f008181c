"""Texts that shoppers and staff of the demo write in cases: (English, Simplified, Traditional)."""

type Translations = tuple[str, str, str]

#: what the shopper writes, by the code of the reason
CLAIMS = {
    "defective": (
        "It worked for two days, then nothing. I have tried another socket.",
        "用了两天就没反应了，换了插座也不行。",
        "用了兩天就沒反應了，換了插座也不行。",
    ),
    "poor_finish": (
        "The edge is rough and the paint comes off when I touch it.",
        "边缘毛糙，一碰就掉漆。",
        "邊緣毛糙，一碰就掉漆。",
    ),
    "damaged_in_transit": (
        "The box was crushed on one side and the item is cracked.",
        "外箱一侧被压扁，打开发现已经裂了。",
        "外箱一側被壓扁，打開發現已經裂了。",
    ),
    "missing": (
        "One piece was not in the parcel. The seal looked untouched.",
        "包裹里少了一件，封条看着是完好的。",
        "包裹裡少了一件，封條看起來是完好的。",
    ),
    "wrong_item": ("I ordered another colour.", "颜色发错了，我拍的是另一款。", "顏色寄錯了，我訂的是另一款。"),
    "late": (
        "It was a birthday present and came four days after the day.",
        "本来是生日礼物，晚了四天才到。",
        "本來是生日禮物，晚了四天才到。",
    ),
    "size": ("Too small for me, otherwise lovely.", "偏小，不合适，其他都挺好。", "偏小，不合適，其他都很好。"),
    "not_as_described": (
        "The picture shows a much darker shade.",
        "实物颜色比图片浅很多。",
        "實物顏色比圖片淺很多。",
    ),
    "changed_mind": ("", "不太需要了，未拆封。", "不太需要了，未拆封。"),
}
QUESTION = (
    "Could you send us a photo of the label on the bottom? We need the batch number.",
    "麻烦您拍一下底部的标签，我们需要核对批次号，谢谢。",
    "麻煩您拍一下底部的標籤，我們需要核對批號，謝謝。",
)
ANSWER = (
    "Here it is. The number is hard to read, I hope it helps.",
    "已拍，号码有点模糊，请查看。",
    "已拍，號碼有點模糊，請查看。",
)
REJECTION = (
    "The photos show wear from use over several weeks, which our return policy does not cover.",
    "从照片看商品已使用较长时间，不符合退货条件，敬请谅解。",
    "從照片看商品已使用較長時間，不符合退貨條件，敬請見諒。",
)
APPEAL = (
    "I had it for nine days only. The marks were there when I opened the box.",
    "我才收到九天，开箱时就有这些痕迹，请再核实一下。",
    "我才收到九天，開箱時就有這些痕跡，請再核實一下。",
)
OFFER = (
    "Would you keep it if we gave you part of the price back? You need not send anything.",
    "如果您愿意保留商品，我们补偿一部分货款，无需寄回，您看可以吗？",
    "如果您願意保留商品，我們補償一部分貨款，無需寄回，您看可以嗎？",
)
DECLINE = ("Thank you, but I would rather send it back.", "谢谢，我还是想退货。", "謝謝，我還是想退貨。")
APPRAISAL = (
    "The crack starts at an inner seam: a fault of making, not of use.",
    "裂纹从内侧接缝开始，属于制造问题，非使用造成。",
    "裂紋從內側接縫開始，屬於製造問題，非使用造成。",
)
SEND_BACK = (
    "Please check whether the outbound freight is owed as well.",
    "请再核对一下是否需要退首次运费。",
    "請再核對一下是否需要退首次運費。",
)
FINDING = (
    "Complete with box and papers, as the shopper said.",
    "配件、包装齐全，情况与买家描述一致。",
    "配件、包裝齊全，情況與買家描述一致。",
)
OTHER_FINDING = (
    "Works without fault here; light scratches on the lid.",
    "测试功能正常，盖子有轻微划痕。",
    "測試功能正常，蓋子有輕微刮痕。",
)
BANK_REFUSED = (
    "The bank returned it: account closed.",
    "银行退回：收款账户已注销。",
    "銀行退回：收款帳戶已註銷。",
)
PRAISE = (
    "Quick and friendly, and I always knew what came next.",
    "处理很快，每一步都有通知，放心。",
    "處理很快，每一步都有通知，很放心。",
)
CRITICISM = ("It took a little long at the bench.", "质检等得有点久。", "質檢等得有點久。")

LANGUAGES = ("en", "zh-hans", "zh-hant")


def text_in(translations: Translations, language: str) -> str:
    """The text in ``language``, a code of ``LANGUAGES``."""
    return translations[LANGUAGES.index(language)]
