"""Who can get a case, and who follows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from returns.lifecycle.states import STATES, rights_to
from returns.models import Case
from returns.permissions import REVIEW
from signoff.models import StaffProfile, Team
from signoff.staff.queries import zone_of


@dataclass(frozen=True)
class Colleague:
    """A member of staff who can get a case; ``away`` while absent."""

    user: User
    away: bool


def people_with(permissions: Iterable[str]) -> QuerySet[User]:
    """Active users who have one of ``permissions``, by name."""
    wanted = Q()
    for permission in permissions:
        app, codename = permission.split(".")
        group = Q(groups__permissions__content_type__app_label=app, groups__permissions__codename=codename)
        own = Q(user_permissions__content_type__app_label=app, user_permissions__codename=codename)
        wanted |= group | own
    keys = User.objects.filter(wanted).values("pk")
    people = User.objects.filter(Q(pk__in=keys) | Q(is_superuser=True), is_active=True)
    return people.order_by("first_name", "last_name", "username")


def colleagues_for(case: Case) -> list[Colleague]:
    """Those who can own the case in its state; two queries."""
    return _with_absences(people_with(rights_to(case.status) or [REVIEW]))


def all_colleagues() -> list[Colleague]:
    """Those who can own a case in some state; two queries."""
    return _with_absences(people_with({right for status in STATES for right in rights_to(status)}))


def receiver_of(key: str) -> User | Team | None:
    """The active colleague or team that a choice of ``returns.teamwork.forms`` names."""
    kind, _colon, name = key.partition(":")
    if kind == "team":
        return Team.objects.active().filter(name=name).first()
    return User.objects.filter(username=name, is_active=True).first()


def stand_ins_for(user: User) -> list[Colleague]:
    """Those who can take over the cases of ``user``; two queries."""
    return _with_absences(people_with([REVIEW]).exclude(pk=user.pk))


def active_teams() -> list[Team]:
    return list(Team.objects.active())


def _with_absences(people: QuerySet[User]) -> list[Colleague]:
    users = list(people)
    profiles = {profile.user_id: profile for profile in StaffProfile.objects.filter(user__in=users)}
    return [Colleague(user, _is_away(profiles.get(user.pk))) for user in users]


def _is_away(profile: StaffProfile | None) -> bool:
    return profile is not None and profile.is_absent(timezone.localdate(None, zone_of(profile)))
