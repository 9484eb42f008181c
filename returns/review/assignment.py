"""Owner of a case: take it, hand it back, take the next one of a queue, give it to a colleague or a team."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from returns.lifecycle.actions import moved_on
from returns.lifecycle.states import rights_to
from returns.logbook.locks import LockedCase, lock_case, lock_first_free
from returns.logbook.statements import save_statement
from returns.logbook.writer import record
from returns.models import Case, Statement
from returns.permissions import REVIEW
from signoff.db.required import required
from signoff.models import Team
from signoff.web.next_item import key_of


class CannotAssign(Exception):
    """The colleague or team cannot get the case; a sentence for the person who assigns."""


@transaction.atomic
def take(case: Case, *, by: User, now: datetime | None = None) -> Case:
    """Make ``by`` the owner; nothing changes where ``by`` is the owner already.

    Raises ``TransitionNotAllowed`` when a colleague has it or nobody acts on it any more.
    """
    case = lock_case(case)
    _check_permission(case, by)
    if case.owner_id == by.pk:
        return case
    if case.owner_id is not None:
        raise TransitionNotAllowed(
            _("%(name)s has just taken case %(number)s. Take another one, or ask them to hand it back.")
            % {"name": _name(required(case.owner)), "number": case.number}
        )
    return _set_owner(case, by, verb="take", by=by, now=now)


@transaction.atomic
def hand_back(case: Case, *, by: User, now: datetime | None = None) -> Case:
    """Remove the owner; nothing changes where there is none.

    A colleague's case may be handed back too, for example when the colleague is ill.
    """
    case = lock_case(case)
    _check_permission(case, by)
    return case if case.owner_id is None else _set_owner(case, None, verb="hand_back", by=by, now=now)


@transaction.atomic
def take_next(*, by: User, permission: str = REVIEW, now: datetime | None = None) -> Case | None:
    """Take the first case by due time that waits for holders of ``permission`` and has no owner.

    SKIP LOCKED gives two people who ask at the same moment two different cases. None when nothing is left.
    """
    if not by.has_perm(permission):
        raise PermissionDenied(_("You don't have permission to take cases from this queue. Ask a colleague who has."))
    case = lock_first_free(Case.objects.waiting_for(permission).filter(owner=None))
    return None if case is None else _set_owner(case, by, verb="take", by=by, now=now)


def next_case_url(user: User, done: object) -> str:
    """The page of the next case of ``user``: what waits for them, else the next unassigned one, which they take.

    "" when nothing is left. ``done`` is the case that they come from.
    """
    mine = Case.objects.whose_turn("mine", user).exclude(pk=key_of(done))
    case = mine.order_by("due_at", "id").first() or take_next(by=user)
    return case.get_absolute_url() if case else ""


@transaction.atomic
def assign(
    case: Case, *, to: User | Team, by: User, words: str = "", seen: int | None = None, now: datetime | None = None
) -> Case:
    """Give the case to a colleague, who becomes its owner, or to a team, which leaves it without an owner.

    ``words`` tell them why; only colleagues see them. A team keeps the case when one of its members gets it.
    Raises ``CannotAssign``, ``PermissionDenied``, and ``TransitionNotAllowed`` when the case is finished or has moved
    on since version ``seen``.
    """
    now = now or timezone.now()
    locked = lock_case(case)
    _check_permission(locked, by)
    if seen is not None and seen != locked.seq:
        raise TransitionNotAllowed(moved_on(locked), object=locked)
    if isinstance(to, Team):
        _give_to_team(locked, to, by=by, now=now)
    else:
        _give_to_person(locked, to, by=by, now=now)
    save_statement(locked, topic=Statement.Topic.NOTE, words=words, by=by, now=now)
    return locked


@transaction.atomic
def undo_assignment(case: Case, *, seq: int, owner: User | None, team: Team | None, by: User) -> Case:
    """Give the case back to ``owner`` and ``team``, which had it before the assignment that is entry ``seq``.

    Raises ``TransitionNotAllowed`` when something has happened since, so that it is undone at most once.
    """
    locked = lock_case(case)
    if locked.seq != seq:
        raise TransitionNotAllowed(moved_on(locked), object=locked)
    _check_permission(locked, by)
    locked.team = team
    return _set_owner(locked, owner, verb="undo_assignment", by=by, now=None)


def may_work_on(case: Case, user: User) -> bool:
    """Whether ``user`` can own the case in its state."""
    return user.is_active and any(map(user.has_perm, rights_to(case.status)))


def _give_to_person(case: LockedCase, to: User, *, by: User, now: datetime) -> None:
    if not may_work_on(case, to):
        raise CannotAssign(
            _("%(name)s doesn't have permission to work on this case. Choose another colleague.") % {"name": _name(to)}
        )
    if case.team and not case.team.members.filter(pk=to.pk).exists():
        case.team = None
    case.owner = to
    record(case, "assign", by=by, source=case.status, now=now, facts={"colleague": to.pk})


def _give_to_team(case: LockedCase, to: Team, *, by: User, now: datetime) -> None:
    if not to.active:
        raise CannotAssign(_("The team “%(name)s” is no longer active. Choose another one.") % {"name": to.name})
    case.owner, case.team = None, to
    record(case, "assign_team", by=by, source=case.status, now=now, facts={"team": to.pk})


def _check_permission(case: Case, by: User) -> None:
    rights = rights_to(case.status)
    if not rights:
        raise TransitionNotAllowed(
            _("Case %(number)s is finished; there is nothing left to do.") % {"number": case.number}
        )
    if not may_work_on(case, by):
        raise PermissionDenied(_("You don't have permission to work on this case. Ask a colleague who has."))


def _set_owner(case: LockedCase, owner: User | None, *, verb: str, by: User, now: datetime | None) -> Case:
    case.owner = owner
    record(case, verb, by=by, source=case.status, now=now or timezone.now())
    return case


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
