"""Owner of a case: take it, hand it back, take the next one of a queue."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from returns.lifecycle.states import rights_to
from returns.logbook.locks import LockedCase, lock_case, lock_first_free
from returns.logbook.writer import record
from returns.models import Case
from returns.permissions import REVIEW
from signoff.db.required import required


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


def _check_permission(case: Case, by: User) -> None:
    rights = rights_to(case.status)
    if not rights:
        raise TransitionNotAllowed(
            _("Case %(number)s is finished; there is nothing left to do.") % {"number": case.number}
        )
    if not (by.is_active and any(map(by.has_perm, rights))):
        raise PermissionDenied(_("You don't have permission to work on this case. Ask a colleague who has."))


def _set_owner(case: LockedCase, owner: User | None, *, verb: str, by: User, now: datetime | None) -> Case:
    case.owner = owner
    record(case, verb, by=by, source=case.status, now=now or timezone.now())
    return case


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
