"""``manage.py checkpoint``: pin logbook and ledger outside the database now; the workers do it every hour."""

from typing import Any

from django.core.management.base import BaseCommand

from refunds.ledger.audit.checkpoint import LEDGER
from returns.logbook.checkpoints.write import LOGBOOK, checkpoint


class Command(BaseCommand):
    help = "Write a signed checkpoint of logbook and ledger into CHECKPOINT_DIR."

    def handle(self, *args: Any, **options: Any) -> None:
        for book in (LOGBOOK, LEDGER):
            seal = checkpoint(book)
            told = f"checkpoint {seal.number} pins {seal.heads} chains" if seal else "nothing new to pin"
            self.stdout.write(f"{book.name}: {told}.")
