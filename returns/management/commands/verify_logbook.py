"""``manage.py verify_logbook``: green and exit code 0, or a list of what is wrong and exit code 1."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from returns.logbook.checkpoints.arguments import add_arguments, summary
from returns.logbook.checkpoints.pins import Pins
from returns.logbook.checkpoints.write import LOGBOOK, SIGN_OFFS
from returns.logbook.verify import Verification


class Command(BaseCommand):
    help = (
        "Compute every chain of the logbook and every hash of a sign-off again, compare them with the signed "
        "checkpoints, and list what was changed, by case or order, entry and part."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)
        parser.add_argument(
            "--sign-offs-since", type=int, default=1, metavar="N", help="the same for the checkpoints of sign-offs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        folder = options["checkpoints"]
        with (
            Pins(LOGBOOK.name, folder=folder, since=options["since"]) as pins,
            Pins(SIGN_OFFS.name, folder=folder, since=options["sign_offs_since"]) as of_sign_offs,
        ):
            verification = Verification(pins, of_sign_offs)
            for fault in verification.faults():
                faults += 1
                self.stderr.write(self.style.ERROR(str(fault)))
        read = (
            f"{verification.entries} entries of {verification.cases} cases and {verification.sign_offs} sign-offs read"
        )
        if faults:
            self.stderr.write(self.style.ERROR(f"{read}, {faults} faults."))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(f"{read}, every chain holds. {summary(pins)}"))
