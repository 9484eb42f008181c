"""``manage.py load_demo``: fill an empty database with the demo."""

from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from config.demo.loading import ORDERS, load
from config.demo.stories import STORIES
from feedback.actions import read_logbook
from feedback.models import Message
from signoff.models import Order


class Command(BaseCommand):
    help = "Fill an empty database with two believable shops, 400 orders and about 120 cases."

    def handle(self, *args: Any, **options: Any) -> None:
        if Order.objects.exists():
            raise CommandError("There are orders already. The demo is loaded into an empty database only.")
        total = sum(ORDERS.values()) + sum(story.count for story in STORIES)
        with tqdm(total=total, desc="Loading the demo shops", disable=None) as bar:
            load(done=bar.update)
        read_logbook()
        _send_old_messages(before=timezone.now() - timedelta(days=1))


def _send_old_messages(*, before: datetime) -> None:
    """Messages of the past went out in the past; the last day's are left to the worker and reach the mail box."""
    for message in Message.objects.filter(status=Message.Status.QUEUED, created_at__lt=before):
        message.status, message.sent_at, message.attempts = Message.Status.SENT, message.created_at, 1
        message.save()
