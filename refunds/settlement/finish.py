"""Resolve cases when everything owed is paid and sent."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from refunds.settlement.queries import settled_without_debt, still_owes
from returns.lifecycle.actions import move_locked
from returns.lifecycle.sweep import sweep
from returns.lifecycle.unit_reservation import complete_units, lock_lines
from returns.logbook.writer import lock
from returns.models import Case


@transaction.atomic
def finish(case: Case, *, now: datetime | None = None) -> Case:
    """Resolve ``case`` if it is settling and nothing is owed any more; otherwise do nothing."""
    lock_lines(case)
    return finish_locked(lock(case.pk), now=now)


def finish_locked(case: Case, *, now: datetime | None = None) -> Case:
    """``finish`` for a fresh case that is locked after its order lines."""
    if case.status != Case.Status.SETTLING or still_owes(case):
        return case
    complete_units(case)
    return move_locked(case, Case.resolve, by=None, now=now or timezone.now())


def finish_settled(*, now: datetime | None = None) -> int:
    """Resolve settling cases without debts that an earlier step has missed; returns their number."""
    return sweep(settled_without_debt(), partial(finish, now=now))
