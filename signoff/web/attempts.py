"""Rate limits that all processes share: one counter in the database for every page where something can be guessed.

What is tried (a name, an order number) counts together with the address it is tried from, and the address counts by
itself. So a stranger slows down only their own address and keeps nobody out elsewhere (docs/decisions/0039).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import ngettext

from signoff.web.hashing import keyed_hash
from signoff.web.models import Attempt, RefusedAttempts

RETENTION = timedelta(days=1)  # longer than any limit remembers
MAX_DOUBLINGS = 20


@dataclass(frozen=True)
class Limit:
    """``free`` attempts within ``memory``; after each further one a wait that doubles up to ``longest_wait``."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    memory: timedelta

    def wait_after(self, count: int) -> timedelta:
        """The wait that follows ``count`` attempts."""
        if count < self.free:
            return timedelta(0)
        return min(self.longest_wait, self.first_wait * 2 ** min(count - self.free, MAX_DOUBLINGS))


class TooManyTries(Exception):
    """A limit is reached. The message is a sentence with the time to wait."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(wait)

    def __str__(self) -> str:
        minutes = max(1, ceil(self.wait / timedelta(minutes=1)))
        return ngettext(
            "Too many attempts. Try again in %(minutes)d minute.",
            "Too many attempts. Try again in %(minutes)d minutes.",
            minutes,
        ) % {"minutes": minutes}


def count_try(keys: Mapping[str, tuple[Limit, str]], *, now: datetime | None = None) -> None:
    """Record an attempt under each of ``keys`` (purpose → its limit and what is tried). Raises ``TooManyTries``.

    Call it outside a transaction: the attempt counts even if what follows fails. A refused attempt does not count, so
    that impatience does not make the wait longer; managers are warned when many are refused.
    """
    now = now or timezone.now()
    try:
        count_use(keys, now=now)
    except TooManyTries:
        note_refusal(now)
        raise


def count_use(keys: Mapping[str, tuple[Limit, str]], *, now: datetime | None = None) -> None:
    """The same for what is no guess, such as writing many messages: nobody is warned."""
    now = now or timezone.now()
    hashes = {keyed_hash(f"try.{purpose}", value): limit for purpose, (limit, value) in keys.items()}
    with transaction.atomic():
        _one_at_a_time(hashes)
        wait = max(_wait(limit, key_hash, now) for key_hash, limit in hashes.items())
        if wait <= timedelta(0):
            Attempt.objects.bulk_create(Attempt(key_hash=key_hash, at=now) for key_hash in hashes)
            return
    raise TooManyTries(wait)


def count_of(purpose: str, value: str, *, since: datetime) -> int:
    """The number of attempts under this key since then."""
    return Attempt.objects.filter(key_hash=keyed_hash(f"try.{purpose}", value), at__gt=since).count()


def forget_tries(purpose: str, value: str) -> None:
    """Start again with no attempts under this key: the right person is in."""
    Attempt.objects.filter(key_hash=keyed_hash(f"try.{purpose}", value)).delete()


def take_back(purpose: str, value: str) -> None:
    """Delete the latest attempt under this key: it was a right one, and earlier wrong ones still count."""
    newest = Attempt.objects.filter(key_hash=keyed_hash(f"try.{purpose}", value)).order_by("-at", "-id")[:1]
    Attempt.objects.filter(pk__in=newest.values("pk")).delete()


def delete_old_tries(now: datetime | None = None) -> None:
    """Delete attempts and numbers of refusals that no limit looks at any more."""
    before = (now or timezone.now()) - RETENTION
    Attempt.objects.filter(at__lt=before).delete()
    RefusedAttempts.objects.filter(hour__lt=before).delete()


def _one_at_a_time(hashes: Iterable[str]) -> None:
    """Take an advisory lock per key until the transaction ends; sorted, to avoid deadlocks."""
    with connection.cursor() as cursor:
        for key_hash in sorted(hashes):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key_hash])


def _wait(limit: Limit, key_hash: str, now: datetime) -> timedelta:
    """Time until the next attempt is allowed; zero or less if it is now."""
    tries = Attempt.objects.filter(key_hash=key_hash, at__gt=now - limit.memory).order_by("-at")
    moments = list(tries.values_list("at", flat=True)[: limit.free + MAX_DOUBLINGS])
    return moments[0] + limit.wait_after(len(moments)) - now if moments else timedelta(0)


def note_refusal(now: datetime | None = None) -> None:
    """Count in the hour's row what managers are warned of when it happens often."""
    now = now or timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    RefusedAttempts.objects.bulk_create([RefusedAttempts(hour=hour)], ignore_conflicts=True)
    RefusedAttempts.objects.filter(hour=hour).update(count=F("count") + 1)
