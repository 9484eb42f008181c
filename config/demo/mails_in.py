"""Mails of the demo that match no conversation: invented, in the languages of its shops."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from feedback.mail_in.actions import process_mails
from feedback.mail_in.doors import store_mail
from feedback.models import InboundMail

#: sender, subject, text; the addresses that they were sent to are nobody's
UNMATCHED = (
    (
        "lena.hoffmann@mail.example",
        "Wrong mug in my parcel",
        "Hello,\n\nI ordered the blue mug and got a green one. I can't find the e-mail with the link any more.\n\nLena Hoffmann",
    ),
    ("zhou.ling@mail.example", "退货地址", "您好，上周买的茶杯想退货，请问寄到哪里？订单号我找不到了。"),
    ("lin.yijun@mail.example", "請問維修進度", "您好，我的檯燈送修兩週了，請問什麼時候會寄回？"),
)
EARLIER = timedelta(hours=5)  # between two of them


def write_mails_in(*, today: datetime) -> None:
    """Let them arrive as all mails do, the last one five hours ago."""
    for number, (sender, subject, text) in enumerate(reversed(UNMATCHED), start=1):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "after-sales@homeward.example", subject
        mail["Message-ID"] = f"<{number}@mail.example>"
        mail.set_content(text)
        at = today - number * EARLIER
        store_mail(mail.as_bytes(), door=InboundMail.Door.DEMO, now=at)
    process_mails(now=today)
