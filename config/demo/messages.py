"""Messages to the demo's shoppers: older ones are marked as sent, those of the last day are left to the worker."""

from datetime import datetime, timedelta

from django.db.models import Max

from feedback.messages.actions import read_logbook
from feedback.messages.topics import TOPICS_OF_SIGNATURES
from feedback.models import Message
from feedback.parcel_notices.actions import notify_deliveries
from feedback.parcel_notices.receipts import READER
from returns.models import ReadingPlace
from signoff.db.required import required
from signoff.models import SignOff


def write_messages(now: datetime) -> None:
    """Write all messages that are due and send those older than a day; the worker sends the rest to the mail box."""
    read_logbook()
    notify_deliveries(now)
    _backdate_receipts()
    for message in Message.objects.filter(status=Message.Status.QUEUED, created_at__lt=now - timedelta(days=1)):
        message.status, message.sent_at, message.attempts = Message.Status.SENT, message.created_at, 1
        message.save()


def _backdate_receipts() -> None:
    """Date receipts to when the parcel was signed for, and mark those sign-offs as read.

    The loader records them all today, so the receipts would carry today's date and be written twice.
    """
    for receipt in Message.objects.filter(topic__in=TOPICS_OF_SIGNATURES).select_related("parcel"):
        receipt.created_at = receipt.next_try_at = required(receipt.parcel).sign_offs.latest("pk").signed_at
        receipt.save()
    newest = SignOff.objects.aggregate(pk=Max("pk"))["pk"] or 0
    ReadingPlace.objects.update_or_create(reader=READER, defaults={"entry": newest})
