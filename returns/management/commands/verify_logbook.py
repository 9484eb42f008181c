"""``manage.py verify_logbook``: green and exit code 0, or a list of what is wrong and exit code 1."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from returns.logbook.checkpoints.arguments import add_arguments, told
from returns.logbook.checkpoints.pins import Pins
from returns.logbook.checkpoints.write import LOGBOOK
from returns.logbook.verify import Verification


class Command(BaseCommand):
    help = (
        "Compute every chain of the logbook again, compare it with the signed checkpoints, and list what was "
        "changed, by case, entry and part."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        with Pins(LOGBOOK.name, folder=options["checkpoints"], since=options["since"]) as pins:
            verification = Verification(pins)
            for fault in verification.faults():
                faults += 1
                self.stderr.write(self.style.ERROR(str(fault)))
        read = f"{verification.entries} entries of {verification.cases} cases read"
        if faults:
            self.stderr.write(self.style.ERROR(f"{read}, {faults} faults."))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(f"{read}, every chain holds. {told(pins.newest)}"))
