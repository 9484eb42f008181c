"""Change what a member of staff has chosen; every change has a history row."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from signoff.db.history import save_with_history
from signoff.models import StaffProfile
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
