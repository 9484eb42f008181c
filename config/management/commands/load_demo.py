"""``manage.py load_demo``: load the demo into an empty database."""

import argparse
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone
from tqdm import tqdm

from config.demo import progress
from config.demo.catalogue import ORDERS
from config.demo.loader import load_demo
from config.demo.messages import write_messages
from config.demo.stories import STORIES
from signoff.lookup.codes import send_codes
from signoff.models import Order


class Command(BaseCommand):
    help = "Fill an empty database with two believable shops, 400 orders and about 140 cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "then",
            nargs=argparse.REMAINDER,
            help="A program that this process becomes when the demo is whole. Until then no worker runs, so the codes "
            "that visitors ask for are mailed from here.",
        )

    def handle(self, *args: Any, then: list[str], **options: Any) -> None:
        if Order.objects.exists():
            raise CommandError("There are orders already. The demo is loaded into an empty database only.")
        progress.marker_file().touch()
        total = sum(ORDERS.values()) + sum(story.count for story in STORIES)
        with tqdm(total=total, desc="Loading the demo shops", disable=True if then else None) as bar:

            def done(steps: int) -> None:
                bar.update(steps)
                if then:
                    send_codes()

            load_demo(done=done)
        write_messages(timezone.now())
        progress.marker_file().unlink()
        connections.close_all()
        if then:
            os.execvp(then[0], then)  # noqa: S606 - the worker's command, from manage.py run
