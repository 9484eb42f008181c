"""Stored responses of idempotent requests (safety.md §2, API idempotency)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from signoff.api.models import ApiToken, KeptAnswer

RETENTION = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. ``body`` is JSON text; ``repeated`` marks a stored one."""

    status: int
    body: str
    repeated: bool = False


class RequestInProgress(Exception):
    """The first request with this key has no response yet."""


class KeyReused(Exception):
    """The key belongs to another request."""


@transaction.atomic
def answer_once(token: ApiToken, key: str, *, fingerprint: str, operation: Callable[[], Answer]) -> Answer:
    """Run ``operation`` once per key and store its response in the same transaction; later calls return that.

    Refusals are stored too: ``operation`` undoes its effect and returns them. Raises ``RequestInProgress``,
    ``KeyReused``.
    """
    if not _claim(token, key):
        raise RequestInProgress
    if stored := KeptAnswer.objects.filter(token=token, key=key).first():
        if stored.fingerprint != fingerprint:
            raise KeyReused
        return Answer(stored.status, stored.body, repeated=True)
    answer = operation()
    KeptAnswer.objects.create(
        token=token,
        key=key,
        fingerprint=fingerprint,
        status=answer.status,
        body=answer.body,
        created_at=timezone.now(),
    )
    return answer


def forget_answers(now: datetime | None = None) -> int:
    """Delete responses older than 30 days; returns their number."""
    return KeptAnswer.objects.filter(created_at__lt=(now or timezone.now()) - RETENTION).delete()[0]


def _claim(token: ApiToken, key: str) -> bool:
    """Try to take an advisory lock on the key; it ends with the transaction."""
    name = hashlib.sha256(f"answer {token.pk} {key}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(name, signed=True)])
        return bool(cursor.fetchone()[0])
