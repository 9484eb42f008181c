"""``manage.py verify_ledger``: check that the books were not edited and that every counter agrees with them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from refunds.ledger.audit.checkpoint import LEDGER
from refunds.ledger.audit.consistency import faults
from refunds.models import Entry
from returns.logbook.checkpoints.arguments import add_arguments, summary
from returns.logbook.checkpoints.pins import Pins

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Check the ledger's chains and balance, the signed checkpoints, and the counters of money paid back; "
        "exit 1 where one is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        with Pins(LEDGER.name, folder=options["checkpoints"], since=options["since"]) as pins:
            for count, fault in enumerate(faults(pins), start=1):
                if count <= SHOWN:
                    self.stderr.write(str(fault))
        if count:
            raise CommandError(f"The ledger is not in order: {count} faults, the first {min(count, SHOWN)} above.")
        entries = Entry.objects.count()
        self.stdout.write(
            f"The ledger is in order: {entries} entries, every chain, voucher and counter agrees. {summary(pins)}"
        )
