"""Reading the logbook: each reader keeps its own place and reads every committed entry exactly once.

Numbers are given before a transaction commits, so a reader that went by ``id`` alone would step over an
entry that commits late. Entries are therefore read in the order (transaction, id), and only those whose
transaction is older than every one still running.
"""

from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import Q

from feedback.models import ReadingPlace
from returns.models import LogEntry

BATCH = 200
WRAP = 2**32  # sessions show their transaction without its epoch
SLACK = 2**31  # a transaction that began since has a greater number, but not by half the circle


def read(reader: str, handle: Callable[[LogEntry], None]) -> int:
    """Hand every new entry to ``handle`` and return how many there were; 0 when another process reads.

    The place and what ``handle`` writes are committed together, batch by batch.
    """
    ReadingPlace.objects.get_or_create(reader=reader)
    total = 0
    while count := _read_batch(reader, handle):
        total += count
    return total


@transaction.atomic
def _read_batch(reader: str, handle: Callable[[LogEntry], None]) -> int:
    place = ReadingPlace.objects.select_for_update(skip_locked=True).filter(reader=reader).first()
    if place is None:
        return 0
    entries = list(
        LogEntry.objects.filter(transaction__lt=_oldest_running())
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


def _oldest_running() -> int:
    """The number of the oldest transaction that may still add entries to this database.

    A snapshot's xmin would count the whole server's: a long job of a neighbouring database would hold back
    every message. The next number is asked for before the running ones: whoever got a smaller one since is
    either among those, or has committed and is seen by the reading that follows. All processes of an
    installation use one database role, whose sessions show each other their numbers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_snapshot_xmax(txid_current_snapshot())")
        following = cursor.fetchone()[0]
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT backend_xid::text::bigint FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_xid IS NOT NULL"
        )
        return min([following, *(_with_epoch(running, following) for (running,) in cursor.fetchall())])


def _with_epoch(number: int, following: int) -> int:
    """A running transaction's 32-bit ``number`` as the 64-bit one: the nearest below or at ``following``."""
    full = following - following % WRAP + number
    return full if full <= following + SLACK else full - WRAP
