"""Send the requested codes by mail or text message. The rows are the queue; codes are in clear only in the message."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from signoff.db.required import required
from signoff.models import EntryCode, Order
from signoff.sms import NotSent, Refused, Text, international, send
from signoff.web.attempts import delete_old_tries
from signoff.web.hashing import keyed_hash

logger = logging.getLogger(__name__)

RETENTION = timedelta(days=1)
HOUR = timedelta(hours=1)
MESSAGES_AN_HOUR = 3  # about one order
MESSAGES_TO_ONE_MACHINE = 2  # of these, so that somebody elsewhere cannot use up all of them


@dataclass(frozen=True)
class Drawn:
    """A row with its code and link before only their hashes are left."""

    entry: EntryCode
    code: str
    link: str


def send_codes(now: datetime | None = None) -> int:
    """Send every requested code that has not expired; returns the number of messages sent.

    A row is marked before its message is sent: after a crash in between the shopper requests a new code, and no code
    is sent twice. If the mail server or the provider fails, the row is unmarked and the next sweep draws a new code.
    """
    sent = 0
    while (drawn := _draw(now or timezone.now())) is not None:
        if drawn.entry.order is None or drawn.entry.withheld:
            continue
        try:
            _send(drawn)
        except (SMTPException, OSError, NotSent):
            logger.exception("entry code %s could not be sent", drawn.entry.pk)
            EntryCode.objects.filter(pk=drawn.entry.pk).update(sent_at=None)
            break
        except Refused:
            logger.exception("entry code %s cannot be sent", drawn.entry.pk)
            continue
        sent += 1
    return sent


def forget_entries(now: datetime | None = None) -> None:
    """Delete expired codes and links, and attempts, over a day old."""
    now = now or timezone.now()
    before = now - RETENTION
    EntryCode.objects.filter(created_at__lt=before, expires_at__lt=now).delete()
    delete_old_tries(now)


@transaction.atomic
def _draw(now: datetime) -> Drawn | None:
    """Set code and link of the next waiting row, also of rows without an order, which get no mail."""
    waiting = EntryCode.objects.filter(sent_at__isnull=True, expires_at__gt=now).order_by("id")
    entry = (
        waiting.select_for_update(skip_locked=True, of=["self"])
        .select_related("order__customer", "order__shop", "order__destination")
        .first()
    )
    if entry is None:
        return None
    code, link = f"{secrets.randbelow(10**6):06}", secrets.token_urlsafe(32)
    entry.code_hash, entry.link_hash, entry.sent_at = keyed_hash("code", code), keyed_hash("link", link), now
    entry.withheld = entry.order is not None and _had_enough(entry, entry.order, now)
    entry.save(update_fields=["code_hash", "link_hash", "sent_at", "withheld"])
    return Drawn(entry, code, link)


def _had_enough(entry: EntryCode, order: Order, now: datetime) -> bool:
    """Whether the messages of the last hour about this order are as many as it may get.

    The lock makes another worker wait that is about to send one about the same order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", ["entry code", order.pk % 2**31])
    sent = EntryCode.objects.filter(order=order, made_by=None, withheld=False, sent_at__gt=now - HOUR)
    machines = list(sent.exclude(pk=entry.pk).values_list("machine_hash", flat=True))
    return len(machines) >= MESSAGES_AN_HOUR or machines.count(entry.machine_hash) >= MESSAGES_TO_ONE_MACHINE


def _send(drawn: Drawn) -> None:
    if drawn.entry.contact == EntryCode.Contact.EMAIL:
        _mail(drawn).send()
    else:
        send(_text(drawn))


def _text(drawn: Drawn) -> Text:
    """The text message for the telephone number that was asked for. Raises ``Refused``."""
    order = required(drawn.entry.order)
    if drawn.entry.contact == EntryCode.Contact.DELIVERY_PHONE:
        phone = order.destination.phone
    else:
        phone = required(order.customer).phone
    language = order.customer.language if order.customer else order.shop.language
    if not (number := international(phone, order.country or order.shop.country)):
        raise Refused("the order's telephone number is not one that can be called")
    values = {"code": drawn.code, "shop": order.shop.name}
    with override(language):
        words = (
            _("%(code)s is your code for %(shop)s. It is valid for ten minutes. We'll never ask you for it.") % values
        )
    return Text(number, words, template="entry_code", values=values)


def _mail(drawn: Drawn) -> EmailMessage:
    order = required(drawn.entry.order)
    customer = required(order.customer)  # a code can be requested only with a customer's address
    context = {
        "order": order,
        "shop": order.shop,
        "code": drawn.code,
        "link": settings.SITE_URL + reverse("signoff:enter", args=[drawn.link]),
    }
    with override(customer.language):
        subject = " ".join(render_to_string("signoff/mail/code_subject.txt", context).split())
        body = render_to_string("signoff/mail/code.txt", context)
    reply_to = [order.shop.email] if order.shop.email else None
    return EmailMessage(subject, body, to=[customer.email], reply_to=reply_to)
