"""Change what a member of staff has chosen, with a history row; list their sessions and end them."""

import datetime as dt

from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from signoff.db.history import save_with_history
from signoff.models import StaffProfile, StaffSession
from signoff.models.staff import BROWSER_LENGTH
from signoff.staff.queries import profile_of


@transaction.atomic
def be_away(user: User, *, first: dt.date, last: dt.date, stand_in: User | None, by: User) -> StaffProfile:
    """Record an absence from ``first`` to ``last`` (both included), in place of an earlier one."""
    profile = lock_profile(user)
    profile.absent_from, profile.absent_until, profile.stand_in = first, last, stand_in
    return save_profile(profile, by=by)


def lock_profile(user: User) -> StaffProfile:
    """The profile of ``user``, locked until the transaction ends, or a new one; two people wait for each other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return profile_of(user)


def save_profile(profile: StaffProfile, *, by: User) -> StaffProfile:
    """Save a profile that ``lock_profile`` has given, with its history row."""
    save_with_history(profile, by=by, now=timezone.now())
    return profile


@transaction.atomic
def change_profile(
    user: User,
    *,
    language: str,
    time_zone: str,
    absent_from: dt.date | None,
    absent_until: dt.date | None,
    stand_in: User | None,
    muted: list[str],
) -> StaffProfile:
    """Save all choices of ``user``, made by themselves."""
    profile = lock_profile(user)
    profile.language, profile.time_zone, profile.muted = language, time_zone, muted
    profile.absent_from, profile.absent_until, profile.stand_in = absent_from, absent_until, stand_in
    return save_profile(profile, by=user)


def note_session(user: User, *, key: str, browser: str) -> None:
    """List the session with this key as one of ``user``; one that is listed already keeps its time."""
    StaffSession.objects.get_or_create(
        session_key=key, defaults={"user": user, "begun_at": timezone.now(), "browser": browser[:BROWSER_LENGTH]}
    )


def end_session(user: User, *, token: str) -> bool:
    """Sign this session of ``user`` out: its next request finds no session. False where there is none."""
    row = StaffSession.objects.filter(user=user, token=token).first()
    if row is None:
        return False
    SessionStore().delete(row.session_key)
    row.delete()
    return True


def end_other_sessions(user: User, *, key: str) -> int:
    """Sign out every session of ``user`` but the one with this key; returns how many."""
    others = StaffSession.objects.filter(user=user).exclude(session_key=key)
    return sum(end_session(user, token=str(row.token)) for row in others)


def forget_sessions() -> int:
    """Delete rows whose session has ended by itself; returns how many."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return StaffSession.objects.exclude(Exists(alive)).delete()[0]
