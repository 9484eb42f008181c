"""Read every committed logbook entry exactly once; each reader has its own position.

Numbers are given before a transaction commits, so a reader that went by ``id`` alone would step over an
entry that commits late. Entries are therefore read in the order (transaction, id), and only those whose
transaction is older than every one still running.
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Q

from returns.logbook.visible_transactions import oldest_running
from returns.models import LogEntry, ReadingPlace

BATCH = 200


def read(reader: str, handle: Callable[[LogEntry], object]) -> int:
    """Hand every new entry to ``handle`` and return how many there were; 0 when another process reads.

    The place and what ``handle`` writes are committed together, batch by batch.
    """
    ReadingPlace.objects.get_or_create(reader=reader)
    total = 0
    while count := _read_batch(reader, handle):
        total += count
    return total


@transaction.atomic
def _read_batch(reader: str, handle: Callable[[LogEntry], object]) -> int:
    place = ReadingPlace.objects.select_for_update(skip_locked=True).filter(reader=reader).first()
    if place is None:
        return 0
    entries = list(
        LogEntry.objects.filter(transaction__lt=oldest_running()[0])
        .filter(Q(transaction__gt=place.transaction) | Q(transaction=place.transaction, id__gt=place.entry))
        .select_related("case__customer", "case__order", "case__shop")
        .order_by("transaction", "id")[:BATCH]
    )
    for entry in entries:
        handle(entry)
    if entries:
        place.transaction, place.entry = entries[-1].transaction, entries[-1].pk
        place.save()
    return len(entries)
