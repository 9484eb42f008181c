"""How far a worker has come with an import. What it tells is its sign of life too."""

from time import monotonic

from django.db.models import QuerySet
from django.utils import timezone

from signoff.models import OrderImport

BEAT = 1.0  # seconds between signs of life


class GivenUp(Exception):
    """Another worker has taken the import over, or it was ended by hand."""


def mine(claimed: OrderImport) -> QuerySet[OrderImport]:
    """The row, as long as it is this worker's."""
    return OrderImport.objects.filter(pk=claimed.pk, state=OrderImport.State.RUNNING, started_at=claimed.started_at)


class Progress:
    """Lines read, told to the row from time to time; that is the worker's sign of life too."""

    def __init__(self, claimed: OrderImport, *, lines: int) -> None:
        self.claimed, self.done, self._told = claimed, 0, monotonic()
        self._tell(lines=lines)

    def add(self, count: int) -> None:
        """Raises ``GivenUp``."""
        self.done += count
        if monotonic() - self._told >= BEAT:
            self._tell()

    def _tell(self, **columns: int) -> None:
        self._told = monotonic()
        if not mine(self.claimed).update(done=self.done, heard_at=timezone.now(), **columns):
            raise GivenUp
