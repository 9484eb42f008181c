"""A shopper answers a mail of the shop in a mail program; the shop's mail server hands it on."""

import urllib.request
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from django.core import mail

from signoff.models import Order
from tests.feedback.mail_in.mails import mail as raw_mail
from tests.feedback.mail_in.mails import signed
from tests.steps.smtp_server import SmtpServer

SECRET = "of the mail server"
#: what mail programs write above a quote
QUOTES = {
    "en": "On Mon, 30 Nov 2026 at 10:12, Lantern & Loom wrote:",
    "zh-Hans": "在 2026年11月30日，Lantern & Loom 写道：",
    "zh-Hant": "在 2026年11月30日，Lantern & Loom 寫道：",
}


@dataclass(frozen=True)
class Letter:
    """A mail of the shop as its reader's program has it."""

    text: str
    reply_to: str
    message_id: str


def from_outbox(order: Order) -> Letter:
    """The newest mail to the shopper that this process has sent."""
    [*_before, letter] = (letter for letter in mail.outbox if letter.to == [order.customer.email])
    [address] = letter.reply_to
    return Letter(letter.body, address, letter.extra_headers["Message-ID"])


def from_server(server: SmtpServer, order: Order) -> Letter:
    """The newest one that the SMTP server got."""
    [*_before, envelope] = (one for one in server.envelopes if one.rcpt_tos == [order.customer.email])
    letter = message_from_bytes(envelope.content, policy=default)
    text = letter.get_body(("plain",))
    assert text is not None
    return Letter(text.get_content(), letter["Reply-To"], letter["Message-ID"])


def reply(letter: Letter, words: str, *, sender: str, locale: str, picture: Path) -> bytes:
    """The answer to a mail, above its quote, with a picture."""
    said = "\n".join(f"> {line}" for line in letter.text.splitlines())
    return raw_mail(
        f"{words}\n\n{QUOTES[locale]}\n\n{said}\n",
        to=letter.reply_to,
        sender=f"Anna Schmidt <{sender}>",
        message_id=f"<answer-{locale}@shopper.example>",
        files={picture.name: picture.read_bytes()},
        In_Reply_To=letter.message_id,
    )


def hand_on(raw: bytes, *, url: str) -> None:
    """Call the webhook for mails at ``url`` as a mail server does."""
    headers = signed(raw, key=SECRET.encode()) | {"Content-Type": "message/rfc822"}
    request = urllib.request.Request(f"{url}/hooks/mail/standard/", data=raw, headers=headers)  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        assert answer.status == 200
