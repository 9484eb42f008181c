"""``manage.py verify_logbook``: green and exit code 0, or a list of what is wrong and exit code 1."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from returns.verify import Verification


class Command(BaseCommand):
    help = "Compute every chain of the logbook again and list what was changed, by case, entry and part."

    def handle(self, *args: Any, **options: Any) -> None:
        verification, faults = Verification(), 0
        for fault in verification.faults():
            faults += 1
            self.stderr.write(self.style.ERROR(str(fault)))
        read = f"{verification.entries} entries of {verification.cases} cases read"
        if faults:
            self.stderr.write(self.style.ERROR(f"{read}, {faults} faults."))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(f"{read}, every chain holds."))
