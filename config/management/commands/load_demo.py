"""``manage.py load_demo``: fill an empty database with the demo."""

from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from config.demo.loading import ORDERS, load
from config.demo.stories import STORIES
from feedback.actions import read_logbook, tell_deliveries
from feedback.models import Message
from feedback.telling import TOPICS_OF_SIGNATURES
from signoff.models import Order


class Command(BaseCommand):
    help = "Fill an empty database with two believable shops, 400 orders and about 140 cases."

    def handle(self, *args: Any, **options: Any) -> None:
        if Order.objects.exists():
            raise CommandError("There are orders already. The demo is loaded into an empty database only.")
        total = sum(ORDERS.values()) + sum(story.count for story in STORIES)
        with tqdm(total=total, desc="Loading the demo shops", disable=None) as bar:
            load(done=bar.update)
        read_logbook()
        tell_deliveries()
        _date_receipts()
        _send_old_messages(before=timezone.now() - timedelta(days=1))


def _date_receipts() -> None:
    """What was signed for days ago was recorded just now; its receipt was written when it was signed."""
    for receipt in Message.objects.filter(topic__in=TOPICS_OF_SIGNATURES).select_related("parcel"):
        receipt.created_at = receipt.next_try_at = receipt.parcel.sign_offs.latest("pk").signed_at
        receipt.save()


def _send_old_messages(*, before: datetime) -> None:
    """Messages of the past went out in the past; the last day's are left to the worker and reach the mail box."""
    for message in Message.objects.filter(status=Message.Status.QUEUED, created_at__lt=before):
        message.status, message.sent_at, message.attempts = Message.Status.SENT, message.created_at, 1
        message.save()
