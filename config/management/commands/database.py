"""``manage.py database``: start, stop or delete the embedded server by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.runtime import data_folder, postgres


class Command(BaseCommand):
    help = "Start or stop the embedded database, or forget it with everything else in the data folder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status", "forget"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action in ("stop", "forget"):
            try:
                data_folder.check_not_claimed()
            except data_folder.AlreadyRuns as error:
                raise CommandError(str(error)) from error
        match action:
            case "start":
                postgres.ensure()
            case "stop":
                postgres.stop()
            case "forget":
                postgres.forget()
            case "status":
                self.stdout.write("running" if postgres.is_running() else "stopped")
