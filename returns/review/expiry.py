"""Expiry: the steps that the system takes when a deadline has passed."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from returns.lifecycle.actions import Step, take_step
from returns.lifecycle.states import STATES
from returns.lifecycle.sweep import sweep
from returns.logbook.locks import LockedCase, lock_first_free
from returns.logbook.queries import lock_order_lines
from returns.models import Case

ON_EXPIRY: dict[str, Step] = {
    status: getattr(Case, state.expiry_step) for status, state in STATES.items() if state.expiry_step
}
_AFTER: dict[str, Callable[[LockedCase, datetime], None]] = {}


def register_after_expiry(step: str, action: Callable[[LockedCase, datetime], None]) -> None:
    """Call ``action`` in the transaction of an expiry ``step``, after it: for what an upper app keeps of the case."""
    _AFTER[step] = action


def run_due(now: datetime | None = None) -> int:
    """Take the expiry step of every case due by ``now``, each in its own transaction.

    Returns how many cases moved. States that wait for staff only become overdue.
    """
    now = now or timezone.now()
    return sweep(list(_due(now).values_list("pk", flat=True)), partial(_expire, now=now))


def _due(now: datetime) -> QuerySet[Case]:
    return Case.objects.filter(status__in=ON_EXPIRY, due_at__lte=now).order_by("due_at", "id")


def _expire(case: Case, *, now: datetime) -> bool:
    """The step of one case, its order lines locked first; False where somebody else has it or was faster."""
    lock_order_lines(case)
    locked = lock_first_free(_due(now).filter(pk=case.pk))
    if locked is None:
        return False
    step = ON_EXPIRY[locked.status]
    take_step(locked, step, by=None, now=now)
    if after := _AFTER.get(step.__name__):
        after(locked, now)
    return True
