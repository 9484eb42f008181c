"""Send the messages of the outbox. A row is claimed, sent outside any transaction, then settled."""

import logging
import smtplib
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.messages.render_mail import mail_of
from feedback.models import Message
from signoff.jobs import wake

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
TRIES = 8
SEND_AGAIN = "feedback.change_message"
LOST = "the worker that sent it did not come back"
ERASED = "its words were erased before it was sent"

Status = Message.Status


class NotFailed(Exception):
    """The message was delivered or erased, so it is not sent again; a sentence for the desk."""


def send_due(now: datetime | None = None) -> int:
    """Send every message that is due; returns how many went out.

    A worker killed between sending and settling leaves the row to be sent again after ten minutes with
    the same Message-ID, by which mail programs fold the two into one.
    """
    sent = 0
    while message := _claim(now or timezone.now()):
        if message.status == Status.SENDING:
            sent += _deliver(message, now or timezone.now())
    return sent


@transaction.atomic
def send_again(message: Message, *, by: User, now: datetime | None = None) -> Message:
    """Queue an undelivered message again, with all its tries and the shopper's current address.

    Raises ``PermissionDenied``, ``NotFailed``.
    """
    if not by.is_active or not by.has_perm(SEND_AGAIN):
        raise PermissionDenied(_("You don't have permission for this step. Ask a colleague who has."))
    rows = Message.objects.select_for_update(of=["self"])
    message = rows.select_related("case__customer", "parcel__order__customer", "thread__order__customer").get(
        pk=message.pk
    )
    if message.status != Status.FAILED:
        now_it_is = message.get_status_display()
        raise NotFailed(
            _("A colleague has just changed this message. Its status is now “%(status)s”.") % {"status": now_it_is}
        )
    if not message.text:
        raise NotFailed(_("The words of this message were erased, so it can't be sent again."))
    message.to = (message.customer and message.customer.email) or message.to
    message.status, message.attempts, message.next_try_at = Status.QUEUED, 0, now or timezone.now()
    message.save()
    transaction.on_commit(wake, robust=True)
    return message


@transaction.atomic
def forget_words(messages: QuerySet[Message]) -> None:
    """Erase the texts of these messages; one that is not sent yet is given up."""
    for message in messages.select_for_update(of=["self"]).order_by("pk"):
        if message.status in (Status.QUEUED, Status.SENDING):
            message.status, message.failure = Status.FAILED, ERASED
        message.text = ""
        message.save()


@transaction.atomic
def _claim(now: datetime) -> Message | None:
    """Claim the next message that is due: count the try and lease it, or give it up."""
    due = Message.objects.filter(status__in=[Status.QUEUED, Status.SENDING], next_try_at__lte=now)
    message = due.select_for_update(skip_locked=True).order_by("next_try_at", "id").first()
    if message is None:
        return None
    if message.attempts >= TRIES:  # it takes its worker down with it
        message.status, message.failure = Status.FAILED, LOST
    else:
        message.status, message.attempts, message.next_try_at = Status.SENDING, message.attempts + 1, now + LEASE
    message.save()
    return message


def _deliver(message: Message, now: datetime) -> bool:
    try:
        mail_of(message).send()
    except ValueError as error:  # no such address or header can exist
        return _settle(message, now, failure=_failure_text(error), tries_left=0)
    except (smtplib.SMTPException, OSError) as error:
        return _settle(message, now, failure=_failure_text(error), tries_left=TRIES - message.attempts)
    return _settle(message, now)


@transaction.atomic
def _settle(message: Message, now: datetime, *, failure: str = "", tries_left: int = 0) -> bool:
    """Record the result, unless another worker has claimed the message meanwhile; returns whether it was sent."""
    attempt = Message.objects.select_for_update().filter(pk=message.pk, status=Status.SENDING)
    claimed = attempt.filter(attempts=message.attempts).first()
    if claimed is None:
        return not failure
    message = claimed
    message.failure = failure[: Message._meta.get_field("failure").max_length]
    if not failure:
        message.status, message.sent_at = Status.SENT, now
    elif tries_left:
        message.status, message.next_try_at = Status.QUEUED, now + timedelta(minutes=2**message.attempts)
    else:
        message.status = Status.FAILED
    message.save()
    if failure:
        logger.warning("Message %s was not delivered (try %s)", message.pk, message.attempts)
    return not failure


def _failure_text(error: Exception) -> str:
    """The reason for a failure in words: the mail server's response, else the error."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=answers):
            return "; ".join(_smtp_text(*answer) for answer in answers.values())
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return _smtp_text(code, words)
    return str(error) or type(error).__name__


def _smtp_text(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
