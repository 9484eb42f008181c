"""Oldest open transaction id: entries before it are final and safe to read."""

from django.db import connection

WRAP = 2**32  # sessions show their transaction without its epoch
SLACK = 2**31  # a transaction that began since has a greater number, but not by half the circle


def oldest_running() -> tuple[int, int]:
    """The oldest transaction that may still add entries to this database, and the next one to come.

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
        running = [_with_epoch(number, following) for (number,) in cursor.fetchall()]
    return min([following, *running]), following


def _with_epoch(number: int, following: int) -> int:
    """A running transaction's 32-bit ``number`` as the 64-bit one: the nearest below or at ``following``."""
    full = following - following % WRAP + number
    return full if full <= following + SLACK else full - WRAP
