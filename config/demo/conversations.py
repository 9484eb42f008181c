"""Conversations of the demo, in the languages of its shops, by the product's own actions; and saved replies."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from config.demo.texts import Translations, text_in
from feedback.conversation.actions import Outgoing, inquiry_of, post_from_shopper, post_message, post_note, thread_of
from feedback.conversation.complaints import mark_complaint
from feedback.models import SavedReply, Thread
from returns.models import Case
from signoff.db.required import required
from signoff.models import Order, Shop

#: key → title and text
REPLIES: dict[str, tuple[Translations, Translations]] = {
    "thanks": (
        ("Thank you", "感谢", "感謝"),
        (
            "Thank you for telling us, {{ name }}. We're looking into {{ number }} and will be back soon.",
            "感谢您的反馈，{{ name }}。我们正在核实 {{ number }}，很快回复您。",
            "感謝您的回報，{{ name }}。我們正在查明 {{ number }}，很快回覆您。",
        ),
    ),
    "photo": (
        ("Ask for a photo", "请补照片", "請補照片"),
        (
            "Could you send us one photo of the whole item and one of the damage, {{ name }}? You can attach both here.",
            "{{ name }}，麻烦您补充一张整体照片和一张破损处照片，可直接在这里上传。",
            "{{ name }}，麻煩您補一張整體照片和一張破損處照片，可直接在這裡上傳。",
        ),
    ),
    "patience": (
        ("A little longer", "请稍候", "請稍候"),
        (
            "We're sorry, {{ number }} takes a little longer than we said. {{ agent }} from {{ shop }} will write tomorrow.",
            "很抱歉，{{ number }} 的处理比预计稍慢，{{ shop }} 的 {{ agent }} 明天会联系您。",
            "很抱歉，{{ number }} 的處理比預計稍慢，{{ shop }} 的 {{ agent }} 明天會聯絡您。",
        ),
    ),
}
ASKED: Translations = (
    "Do I need the original box, or is any box fine?",
    "必须用原包装吗？普通纸箱可以吗？",
    "一定要用原包裝嗎？一般紙箱可以嗎？",
)
NOTED: Translations = (
    "@manager third one of this batch this week. I have told the supplier.",
    "@manager 这批货本周第三件了，已反馈给供应商。",
    "@manager 這批貨本週第三件了，已通知供應商。",
)
ANSWERED: Translations = (
    "Any sturdy box will do. Please wrap it well.",
    "结实的纸箱就可以，请多包几层。",
    "堅固的紙箱就可以，請多包幾層。",
)
FOLLOWED: Translations = ("Thank you. Is there any news yet?", "谢谢。有进展了吗？", "謝謝。有進展了嗎？")
QUESTION: Translations = (
    "Is this suitable for an induction hob?",
    "这个能在电磁炉上用吗？",
    "這個可以用在電磁爐上嗎？",
)
COMPLAINT: Translations = (
    "I waited half an hour on the telephone and was cut off. I find that rude.",
    "电话等了半个小时还被挂断，体验很差。",
    "電話等了半小時還被掛斷，感覺很差。",
)
CASES = 3  # of each shop with messages; the last one waits for an answer


def write_conversations(shops: Sequence[Shop], staff: Mapping[str, User], *, today: datetime) -> None:
    """Let shoppers and staff of each shop write about a few open cases and orders."""
    for position, (key, (titles, words)) in enumerate(REPLIES.items()):
        SavedReply.objects.create(
            key=key,
            position=position,
            **{f"title_{name}": title for name, title in zip(("en", "zh_hans", "zh_hant"), titles, strict=True)},
            **{f"text_{name}": text for name, text in zip(("en", "zh_hans", "zh_hant"), words, strict=True)},
        )
    for shop in shops:
        cases = Case.objects.filter(shop=shop, status=Case.Status.SUBMITTED, customer__isnull=False)
        for number, case in enumerate(cases.select_related("customer", "order", "shop").order_by("pk")[:CASES]):
            _talk_about(case, staff, today=today, waits=number == CASES - 1)
        orders = Order.objects.filter(shop=shop, cases=None, customer__isnull=False)
        newest = orders.select_related("customer", "shop").order_by("-placed_at", "-pk")[:2]
        for order, words, hours in zip(newest, (QUESTION, COMPLAINT), (5, 9), strict=False):
            asked = today - timedelta(hours=hours)
            thread = inquiry_of(order, now=asked)
            _say(thread, required(order.customer).language, words, now=asked)
            if words is COMPLAINT:
                mark_complaint(thread, by=staff["agent"], severity=2, now=asked + timedelta(hours=1))


def _talk_about(case: Case, staff: Mapping[str, User], *, today: datetime, waits: bool) -> None:
    """A question, a note and an answer between the last step and today; then another question, where one ``waits``."""
    step = (today - case.status_since) / 5
    thread, language = thread_of(case, now=case.status_since), case.language
    _say(thread, language, ASKED, now=case.status_since + step)
    note = Outgoing(words=text_in(NOTED, language), key="note")
    post_note(thread, by=staff["agent"], out=note, now=case.status_since + 2 * step)
    answer = Outgoing(words=text_in(ANSWERED, language), key="answer")
    post_message(thread, by=staff["agent"], out=answer, now=case.status_since + 3 * step)
    if waits:
        _say(thread, language, FOLLOWED, now=case.status_since + 4 * step)


def _say(thread: Thread, language: str, words: Translations, *, now: datetime) -> None:
    post_from_shopper(thread, words=text_in(words, language), key=f"{now:%H%M%S%f}", now=now)
