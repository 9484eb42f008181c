"""``manage.py load_demo``: fill an empty database with the demo."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from config.demo.loading import ORDERS, load
from config.demo.stories import STORIES
from config.demo.telling import tell
from signoff.models import Order


class Command(BaseCommand):
    help = "Fill an empty database with two believable shops, 400 orders and about 140 cases."

    def handle(self, *args: Any, **options: Any) -> None:
        if Order.objects.exists():
            raise CommandError("There are orders already. The demo is loaded into an empty database only.")
        total = sum(ORDERS.values()) + sum(story.count for story in STORIES)
        with tqdm(total=total, desc="Loading the demo shops", disable=None) as bar:
            load(done=bar.update)
        tell(timezone.now())
