"""Transitions of a case: every change of its status goes through ``take_step``, which ``move`` calls after locking."""

import functools
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import (
    TransitionNotAllowed,
    can_proceed,
    get_available_FIELD_transitions,
    get_available_user_FIELD_transitions,
    has_transition_perm,
)

from returns.clocks import due_after_step
from returns.lifecycle.states import STATES
from returns.lifecycle.unit_reservation import complete_units, release_units
from returns.logbook.locks import LockedCase, lock_case, lock_with_lines
from returns.logbook.writer import Actor, note, record
from returns.models import Case
from returns.models.cases import reviewer_or_approver
from returns.permissions import REVIEW
from signoff.db.required import required
from signoff.jobs import wake
from signoff.models import Customer
from signoff.staff.queries import who_acts_for

Step = Callable[..., None]
_STATUS = Case._meta.get_field("status")


@transaction.atomic
def move(
    case: Case,
    step: Step,
    *,
    by: Actor,
    reason: str = "",
    now: datetime | None = None,
    seen: int | None = None,
    **facts: Any,
) -> Case:
    """Run one transition of ``case`` and record who did it and why.

    Locks what the step changes (``lock_for``), then does what ``take_step`` does. Returns the locked, saved case.
    """
    return take_step(lock_for(case, step), step, by=by, reason=reason, now=now or timezone.now(), seen=seen, **facts)


def lock_for(case: Case, step: Step) -> LockedCase:
    """Lock ``case`` for ``step``: its order lines before it where the step may free units."""
    return lock_with_lines(case) if step.__name__ in _steps_that_free_units() else lock_case(case)


def take_step[C: LockedCase](
    case: C,
    step: Step,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
    digests: Mapping[str, str] | None = None,
    **facts: Any,
) -> C:
    """Run one transition of a locked case and record who did it and why; returns the same case, saved.

    ``by`` is a member of staff, the case's own customer for a shopper's step, or None for the system, whose
    permission is not checked. ``facts`` go into the logbook (ids and figures only). ``seen`` is the version a form
    was rendered from. ``digests`` are what the entry pins besides the history row (``returns.logbook.digests``). For a
    step that may free units the order lines must be locked too, see ``lock_for``.
    A reviewer's own step makes the case theirs; others leave it to its owner, or while the owner is away to the
    stand-in. Raises ``TransitionNotAllowed`` (somebody else was faster; a sentence), ``PermissionDenied``.
    """
    check(case, step, by=by, seen=seen)
    source = case.status
    _choose_owner(case, step.__name__, by=by, now=now)
    getattr(case, step.__name__)()
    case.due_at = due_after_step(source, case.status, promised=case.due_at, now=now)
    case.status_since = now
    record(case, step.__name__, by=by, source=source, reason=reason, now=now, facts=facts, digests=digests)
    if _frees_units(source, case.status):
        _free_units(case)
    transaction.on_commit(wake, robust=True)
    return case


def _choose_owner(case: LockedCase, step: str, *, by: Actor, now: datetime) -> None:
    """Set the owner that the case has after ``step``; an entry of its own says where the owner is away."""
    source = case.status
    if isinstance(by, User) and (step, source) in _reviewers_steps():
        if case.channel != Case.Channel.IMPORT:  # the past is played by service users
            case.owner = by
        return
    if case.owner_id is None or STATES[_target(step, source)].permission != REVIEW:
        return
    owner = required(case.owner)
    acting = who_acts_for(owner, now=now)
    if acting == owner:
        return
    case.owner = acting
    if acting:
        note(case, "pass_on", by=None, now=now, away=owner.pk, colleague=acting.pk)
    else:
        note(case, "leave_unassigned", by=None, now=now, away=owner.pk)


@functools.cache
def _reviewers_steps() -> frozenset[tuple[str, str]]:
    """Step and source of what is a reviewer's own work, not an approver's, the bench's or the system's."""
    steps = Case._meta.get_field("status").get_all_transitions(Case)
    return frozenset(
        (step.name, str(step.source))
        for step in steps
        if step.permission == REVIEW
        or (step.permission is reviewer_or_approver and step.source != Case.Status.AWAITING_APPROVAL)
    )


@functools.cache
def _target(step: str, source: str) -> str:
    steps = Case._meta.get_field("status").get_all_transitions(Case)
    return next(str(one.target) for one in steps if (one.name, str(one.source)) == (step, source))


def check(case: Case, step: Step, *, by: Actor, seen: int | None) -> None:
    """Raise what ``move`` would raise for a locked case; nothing is changed."""
    bound = getattr(case, step.__name__)
    if not can_proceed(bound) or (seen is not None and seen != case.seq):
        raise TransitionNotAllowed(moved_on(case, by=by), object=case, method=bound)
    if not _may(case, step, by):
        raise PermissionDenied(_("You don't have permission for this step. Ask a colleague who has."))


def legal_steps(case: Case) -> list[Any]:
    """The transitions that the state machine allows now, without regard to permissions."""
    return list(get_available_FIELD_transitions(case, _STATUS))


def steps_for(case: Case, by: Actor) -> list[Any]:
    """The transitions that ``by`` may take now, by the state machine; system steps left out."""
    if isinstance(by, Customer):
        return [step for step in legal_steps(case) if step.custom.get("shopper")]
    steps = get_available_user_FIELD_transitions(case, by, _STATUS) if by else []
    return [step for step in steps if not step.custom.get("system")]


def _may(case: Case, step: Step, by: Actor) -> bool:
    if by is None:
        return True
    if isinstance(by, Customer):
        return by.pk == case.customer_id and any(step.__name__ == own.name for own in steps_for(case, by))
    return by.is_active and has_transition_perm(getattr(case, step.__name__), by)


def _frees_units(source: str, target: str) -> bool:
    closed = target == Case.Status.CLOSED and STATES[source].frees_units == "when closed"
    return closed or STATES[target].frees_units == "at once"


@functools.cache
def _steps_that_free_units() -> frozenset[str]:
    """Names of the steps after which units may be free; their order lines must be locked before the case."""
    steps = Case._meta.get_field("status").get_all_transitions(Case)
    return frozenset(step.name for step in steps if _frees_units(str(step.source), str(step.target)))


def _free_units(case: LockedCase) -> None:
    """Units of a case that ended without effect can be requested again, unless it had been resolved before."""
    if case.log.filter(verb="reopen").exists():
        complete_units(case)
    else:
        release_units(case)


def moved_on(case: Case, *, by: Actor = None) -> str:
    """The error text for a form that was rendered from an older version; shoppers get their own name of the state."""
    return _("Case %(number)s has moved on. Its status is now “%(status)s”. Check it again before you decide.") % {
        "number": case.number,
        "status": case.shopper_status if isinstance(by, Customer) else case.get_status_display(),
    }


def require_permission(by: Actor, permission: str) -> None:
    """Raise ``PermissionDenied`` where ``by`` lacks ``permission``; None is the system, which may do everything."""
    if by is not None and (isinstance(by, Customer) or not by.is_active or not by.has_perm(permission)):
        raise PermissionDenied(_("You don't have permission for this step. Ask a colleague who has."))
