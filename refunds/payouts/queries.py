"""Queries that lock refunds for the worker and for finance."""

import functools
from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet

from refunds.models import Refund
from signoff.db.prepared.compiled import CompiledQuery

type Queue = Callable[[datetime], Q]

_LOCKED = CompiledQuery(
    lambda key: Refund.objects.select_for_update(of=["self"]).select_related("case__customer", "payment").filter(pk=key)
)


def select_for_update(key: int) -> Refund:
    """The refund with its case, customer and payment, its row locked."""
    return _LOCKED.get(key)


def lock_first(queue: Queue, now: datetime) -> Refund | None:
    """Lock the refund in ``queue`` that is due longest, skipping locked ones; None if there is none."""
    return _first_in(queue).first(now)


def lock_if_queued(queue: Queue, now: datetime, key: int) -> Refund | None:
    """Lock the refund with this primary key; None if it is not in ``queue`` or locked by another transaction."""
    return _one_in(queue).first(now, key)


@functools.cache
def _first_in(queue: Queue) -> CompiledQuery:
    return CompiledQuery(lambda now: _unlocked(queue(now))[:1], by_key=False)


@functools.cache
def _one_in(queue: Queue) -> CompiledQuery:
    return CompiledQuery(lambda now, key: _unlocked(queue(now) & Q(pk=key)))


def _unlocked(condition: Q) -> QuerySet[Refund]:
    """Refunds that are not locked, longest due first; reading them locks them."""
    rows = Refund.objects.filter(condition).select_related("case", "payment").order_by("due_at", "pk")
    return rows.select_for_update(skip_locked=True, of=("self",))
