"""``manage.py compile_catalogues``: Django's ``compilemessages`` without gettext."""

from typing import Any

from django.core.management.base import BaseCommand

from config.i18n.catalogues import compile_stale


class Command(BaseCommand):
    help = "Compile the message catalogues that changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{compile_stale()} compiled")
