"""Sending what is in the outbox. A row is claimed, sent outside any transaction, then settled."""

import logging
import smtplib
from datetime import datetime, timedelta
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from feedback.models import Message

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
TRIES = 8


def send_due(now: datetime | None = None) -> int:
    """Send every message that is due; returns how many went out.

    A worker killed between sending and settling leaves the row to be sent again after ten minutes with
    the same Message-ID, by which mail programs fold the two into one.
    """
    now = now or timezone.now()
    sent = 0
    while message := _claim(now):
        sent += _deliver(message)
    return sent


@transaction.atomic
def _claim(now: datetime) -> Message | None:
    open_rows = Message.objects.filter(status__in=[Message.Status.QUEUED, Message.Status.SENDING], next_try_at__lte=now)
    message = open_rows.select_for_update(skip_locked=True).order_by("next_try_at", "id").first()
    if message is None:
        return None
    message.status, message.attempts, message.next_try_at = Message.Status.SENDING, message.attempts + 1, now + LEASE
    message.save()
    return message


def _deliver(message: Message) -> bool:
    try:
        mail_of(message).send()
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("Message %s was not delivered: %s", message.pk, error)
        message.status = Message.Status.FAILED if message.attempts >= TRIES else Message.Status.QUEUED
        message.failure = str(error)[:250]
        message.next_try_at = timezone.now() + timedelta(minutes=2**message.attempts)
    else:
        message.status, message.sent_at, message.failure = Message.Status.SENT, timezone.now(), ""
    message.save()
    return message.status == Message.Status.SENT


def mail_of(message: Message) -> EmailMultiAlternatives:
    """The mail as it goes out: text and HTML, from the shop, with an id that never changes."""
    shop = message.case.shop
    with translation.override(message.language):
        html = render_to_string("feedback/mail/message.html", {"message": message, "shop": shop})
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=_sender(shop.name),
        to=[message.to],
        reply_to=[shop.email] if shop.email else None,
        headers={"Message-ID": f"<{message.topic}.{message.dedupe_key.replace('/', '.')}@{_domain()}>"},
    )
    mail.attach_alternative(html, "text/html")
    return mail


def _sender(name: str) -> str:
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    return formataddr((name, address))


def _domain() -> str:
    return settings.SITE_URL.split("//")[-1].split(":")[0]
