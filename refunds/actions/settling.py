"""Settling a case: what is owed is counted, booked and handed to the payout; all done, the case is resolved."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from inspection.models import Finding
from refunds.actions import owing, reserving
from refunds.actions.finishing import finish, finish_locked
from refunds.actions.replacing import send_replacement
from refunds.actions.verdicts import findings_of, fits
from refunds.actions.versions import lay_out, supersede
from refunds.models import Resolution
from returns.actions import Actor
from returns.actions.lifecycle import move_locked
from returns.actions.logbook import lock_again, note_locked
from returns.actions.sweeping import sweep
from returns.models import Case
from signoff.prepared import Prepared

__all__ = ["begin", "finish", "follow_verdicts", "meet_verdict", "send_replacement"]

AT_ONCE = 200  # cases that one sweep looks at; the next sweep takes the rest

_WAITING = Prepared(
    lambda: (
        Case.objects.filter(
            status=Case.Status.INSPECTED, resolutions__superseded_at=None, resolutions__approved_at__isnull=False
        )
        .order_by("due_at", "pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    ),
    by_key=False,
)


@transaction.atomic
def begin(case: Case, *, by: Actor, now: datetime | None = None) -> Case:
    """Settle ``case`` by its approved plan: caps counted, refunds due, replacements owed, a voucher booked.

    A plan that owes nothing resolves the case at once. Raises ``TransitionNotAllowed``,
    ``PermissionDenied``, ``reserving.MoreThanPaid`` (a sentence); then nothing is kept.
    """
    now = now or timezone.now()
    reserving.lock_books(case)
    return begin_locked(lock_again(case), by=by, now=now)


def begin_locked(case: Case, *, by: Actor, now: datetime) -> Case:
    """``begin`` for a case that this transaction has locked after its books, and as it is now."""
    plan = _approved_plan(case)
    if plan is None:
        raise TransitionNotAllowed(_("This case has no approved plan in force; propose one first."))
    return _settle(case, plan, findings_of(case), by=by, now=now)


@transaction.atomic
def meet_verdict(case: Case, *, now: datetime | None = None) -> Case:
    """The system's step after an inspection: settle where the verdict fits the plan, else the plan is void.

    It is void too where its money has gone back another way meanwhile. Without an approved plan in force, or
    in another state, nothing happens.
    """
    now = now or timezone.now()
    reserving.lock_books(case)
    case = lock_again(case)
    plan = _approved_plan(case)
    if case.status != Case.Status.INSPECTED or plan is None:
        return case
    findings = findings_of(case)
    if not fits(plan, findings):
        return _void(plan, case, "verdict_differs", now=now)
    try:
        with transaction.atomic():
            return _settle(case, plan, findings, by=None, now=now)
    except reserving.MoreThanPaid:
        return _void(plan, lock_again(case), "plan_exceeds", now=now)


def follow_verdicts(*, now: datetime | None = None) -> int:
    """Meet the verdict of inspected cases whose plan is approved, each by itself; returns how many it met."""
    return sweep(_WAITING.all(), partial(meet_verdict, now=now), refusals=(reserving.MoreThanPaid,))


def _settle(case: Case, plan: Resolution, findings: Sequence[Finding], *, by: Actor, now: datetime) -> Case:
    """Carry out ``plan`` of ``case``, whose books are locked."""
    case = move_locked(case, Case.settle, by=by, now=now, resolution=plan.pk, amount=str(plan.total))
    owes = owing.owe_money(case, plan, now=now)
    owing.owe_goods(case, plan, findings)
    return case if owes else finish_locked(case, now=now)


def _void(plan: Resolution, case: Case, verb: str, *, now: datetime) -> Case:
    """Take the plan out of force, so that the desk makes another."""
    supersede(case, by=None, now=now)
    note_locked(case, verb, by=None, now=now, resolution=plan.pk)
    return case


def _approved_plan(case: Case) -> Resolution | None:
    plan = lay_out(case)
    return plan if plan and plan.approved_at else None
