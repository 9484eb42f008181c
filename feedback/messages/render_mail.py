"""Render a message as a mail: its text as it is, and the same text as HTML."""

from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.messages.reply_address import reply_address_of
from feedback.models import Message
from signoff.brands.queries import palettes_of
from signoff.models import Order

TO_THE_ORDER = (
    "cancelled",
    "expired",
    "signed_by_carrier",
    "signed_by_time",
    "delivery_late",
    "delivery_silent",
    "delivery_returned",
    "delivery_lost",
    "inquiry",
)
#: what the button to the page says
BUTTONS: dict[str, Promise] = {
    "information_wanted": _("Reply now"),
    "message": _("Read and reply"),
    "offered": _("View offer"),
    "authorised": _("Get return slip"),
    "survey": _("Answer two questions"),
    "parcel_delivered": _("Check and sign for it"),
    "sign_off_due": _("Check and sign for it"),
    "parcel_signed": _("View receipt"),
    "delivery_damaged": _("Tell us how it arrived"),
    **dict.fromkeys(TO_THE_ORDER, _("View your order")),
}
USUAL_BUTTON = _("View your request")
#: of a shop without a colour of its own
ACCENT, LINK_IN_THE_DARK = "#4f46e5", "#a5b4fc"


@dataclass(frozen=True)
class Block:
    """A paragraph, or the URL of one of our pages on a line of its own, which becomes a button."""

    words: str = ""
    link: str = ""


def mail_of(message: Message) -> EmailMultiAlternatives:
    """The mail with its text and HTML parts, in the name of the shop, with a constant Message-ID.

    Every mail about a case, or about an order, refers to the first one, so that mail programs show one thread.
    """
    shop = message.shop
    reply_to = reply_address_of(message)
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"} | _references(message)
    if reply_to:  # as the sender of the envelope too, so that reports of failed deliveries come back with the token
        headers["From"] = _sender(shop.name)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=reply_to or _sender(shop.name),
        to=[message.to],
        reply_to=[reply_to or shop.email] if reply_to or shop.email else None,
        headers=headers,
    )
    mail.attach_alternative(html_of(message), "text/html")
    return mail


def _sender(name: str) -> str:
    """From header: the installation's address with the shop's name, on one line and without encoded words."""
    return formataddr((" ".join(name.replace("=?", "= ?").split()), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def message_id(message: Message) -> str:
    """Message-ID, the same for every try, so that mail programs show two deliveries as one."""
    return f"<{message.topic}.{message.dedupe_key.replace('/', '.')}@{urlsplit(settings.SITE_URL).hostname}>"


def _references(message: Message) -> dict[str, str]:
    """The headers that put the mail under the first one of its case or order; none for that one."""
    order = None if message.case else message.matter
    rows = Message.objects.of_parcels(order) if isinstance(order, Order) else Message.objects.filter(case=message.case)
    first = rows.order_by("created_at", "pk").first()
    if first is None or first.pk >= message.pk:
        return {}
    return {"In-Reply-To": message_id(first), "References": message_id(first)}


def html_of(message: Message) -> str:
    """The whole HTML part, in the message's language."""
    colours = palettes_of(message.shop)
    with translation.override(message.language):
        context = {
            "message": message,
            "shop": message.shop,
            "can_reply": bool(settings.REPLY_DOMAIN or message.shop.email),
            "blocks": blocks_of(message.text),
            "button": BUTTONS.get(message.topic, USUAL_BUTTON),
            "accent": colours["light"].accent if colours else ACCENT,
            "link_in_the_dark": colours["dark"].text if colours else LINK_IN_THE_DARK,
        }
        return render_to_string("feedback/mail/message.html", context)


def blocks_of(text: str) -> list[Block]:
    """The paragraphs of ``text``, split at empty lines and at lines with only one of our URLs."""
    blocks: list[Block] = []
    for paragraph in text.replace("\r\n", "\n").split("\n\n"):
        lines: list[str] = []
        for line in paragraph.split("\n"):
            if _is_our_page(line.strip()):
                blocks += [*_paragraph(lines), Block(link=line.strip())]
                lines = []
            else:
                lines.append(line)
        blocks += _paragraph(lines)
    return blocks


def _paragraph(lines: list[str]) -> list[Block]:
    words = "\n".join(lines).strip()
    return [Block(words=words)] if words else []


def _is_our_page(line: str) -> bool:
    return line.startswith(settings.SITE_URL + "/") and " " not in line
