"""Mail the requested codes. The rows are the queue; codes are in clear only in the mail."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from signoff.db.required import required
from signoff.models import EntryCode, EntryTry
from signoff.web.hashing import keyed_hash

logger = logging.getLogger(__name__)

RETENTION = timedelta(days=1)


@dataclass(frozen=True)
class Drawn:
    """A row with its code and link before only their hashes are left."""

    entry: EntryCode
    code: str
    link: str


def send_codes(now: datetime | None = None) -> int:
    """Mail every requested code that has not expired; returns the number of mails sent.

    A row is marked before its mail is sent: after a crash in between the shopper requests a new code, and no code
    is mailed twice. If the mail server fails, the row is unmarked and the next sweep creates a new code.
    """
    sent = 0
    while (drawn := _draw(now or timezone.now())) is not None:
        if drawn.entry.order is None:
            continue
        try:
            _mail(drawn).send()
        except (SMTPException, OSError):
            logger.exception("entry code %s could not be mailed", drawn.entry.pk)
            EntryCode.objects.filter(pk=drawn.entry.pk).update(sent_at=None)
            break
        sent += 1
    return sent


def forget_entries(now: datetime | None = None) -> None:
    """Delete codes and attempts over a day old."""
    before = (now or timezone.now()) - RETENTION
    EntryCode.objects.filter(created_at__lt=before).delete()
    EntryTry.objects.filter(at__lt=before).delete()


@transaction.atomic
def _draw(now: datetime) -> Drawn | None:
    """Set code and link of the next waiting row, also of rows without an order, which get no mail."""
    waiting = EntryCode.objects.filter(sent_at__isnull=True, expires_at__gt=now).order_by("id")
    entry = (
        waiting.select_for_update(skip_locked=True, of=["self"])
        .select_related("order__customer", "order__shop")
        .first()
    )
    if entry is None:
        return None
    code, link = f"{secrets.randbelow(10**6):06}", secrets.token_urlsafe(32)
    entry.code_hash, entry.link_hash, entry.sent_at = keyed_hash("code", code), keyed_hash("link", link), now
    entry.save(update_fields=["code_hash", "link_hash", "sent_at"])
    return Drawn(entry, code, link)


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
