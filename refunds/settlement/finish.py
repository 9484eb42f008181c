"""Resolve cases when everything owed is paid and sent."""

from datetime import datetime

from django.utils import timezone

from refunds.settlement.queries import owes, settling_without_debts
from returns.lifecycle.actions import take_step
from returns.lifecycle.sweep import sweep
from returns.lifecycle.unit_reservation import complete_units
from returns.logbook.locks import LockedWithLines, lock_with_lines
from returns.models import Case


def finish[C: LockedWithLines](case: C, *, now: datetime | None = None) -> C:
    """Resolve ``case`` if it is settling and owes nothing any more; else nothing happens."""
    if case.status != Case.Status.SETTLING or owes(case):
        return case
    complete_units(case)
    return take_step(case, Case.resolve, by=None, now=now or timezone.now())


def finish_settled(*, now: datetime | None = None) -> int:
    """Resolve settling cases without debts that an earlier step has missed; returns their number."""
    return sweep(settling_without_debts(), lambda case: finish(lock_with_lines(case), now=now))
