"""``manage.py checkpoint``: pin logbook, sign-offs and ledger outside the database; the workers do it every hour."""

from typing import Any

from django.core.management.base import BaseCommand

from refunds.ledger.audit.checkpoint import LEDGER
from returns.logbook.checkpoints.write import LOGBOOK, SIGN_OFFS, checkpoint


class Command(BaseCommand):
    help = "Write a signed checkpoint of logbook, sign-offs and ledger into CHECKPOINT_DIR."

    def handle(self, *args: Any, **options: Any) -> None:
        for book in (LOGBOOK, SIGN_OFFS, LEDGER):
            seal = checkpoint(book)
            result = f"checkpoint {seal.number} pins {seal.heads} chains" if seal else "nothing new to pin"
            self.stdout.write(f"{book.name}: {result}.")
