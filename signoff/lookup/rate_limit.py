"""Rate limits of order look-up, per order, e-mail address or telephone number, and IP address."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import ceil

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import ngettext

from signoff.models import EntryTry
from signoff.web.hashing import keyed_hash

WINDOW = timedelta(minutes=15)
LIMITS = {"order": 10, "contact": 5, "machine": 20}


class TooManyTries(Exception):
    """A limit is reached. The message is a sentence with the time to wait."""

    def __init__(self, wait: timedelta) -> None:
        minutes = max(1, ceil(wait / timedelta(minutes=1)))
        super().__init__(
            ngettext(
                "Too many look-ups. Try again in %(minutes)d minute.",
                "Too many look-ups. Try again in %(minutes)d minutes.",
                minutes,
            )
            % {"minutes": minutes}
        )
        self.wait = wait

    def __reduce__(self) -> tuple[type["TooManyTries"], tuple[timedelta]]:
        return type(self), (self.wait,)


@transaction.atomic
def count_try(keys: Mapping[str, str], *, now: datetime | None = None) -> None:
    """Record an attempt under each of ``keys`` (kind of ``LIMITS`` → value). Raises ``TooManyTries``."""
    now = now or timezone.now()
    hashes = {kind: keyed_hash(f"try.{kind}", value) for kind, value in keys.items()}
    _one_at_a_time(hashes.values())
    if wait := max(_wait(kind, key_hash, now) for kind, key_hash in hashes.items()):
        raise TooManyTries(wait)
    EntryTry.objects.bulk_create(EntryTry(key_hash=key_hash, at=now) for key_hash in hashes.values())


def _one_at_a_time(hashes: Iterable[str]) -> None:
    """Take an advisory lock per key until the transaction ends; sorted, to avoid deadlocks."""
    with connection.cursor() as cursor:
        for key_hash in sorted(hashes):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key_hash])


def _wait(kind: str, key_hash: str, now: datetime) -> timedelta:
    """Time until the next attempt is allowed; zero if it is now."""
    tries = EntryTry.objects.filter(key_hash=key_hash, at__gt=now - WINDOW).order_by("-at")
    moments = list(tries.values_list("at", flat=True)[: LIMITS[kind]])
    return moments[-1] + WINDOW - now if len(moments) == LIMITS[kind] else timedelta(0)
