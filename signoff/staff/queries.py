"""Who works with whom, who is away, and who stands in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from signoff.models import StaffProfile, Team

DEPTH = 3  # a stand-in may be away too; after so many the search ends


def teams_of(user: User) -> list[Team]:
    """The active teams of ``user``, by name; one query."""
    return list(Team.objects.of_user(user))


def profile_of(user: User) -> StaffProfile:
    """The profile of ``user``; unsaved and with every choice at its default where there is no row."""
    return StaffProfile.objects.filter(user=user).first() or StaffProfile(user=user)


def zone_of(profile: StaffProfile) -> ZoneInfo:
    """The person's own time zone, or that of the installation."""
    return ZoneInfo(profile.time_zone or settings.TIME_ZONE)


def is_away(user: User, *, now: datetime | None = None) -> bool:
    """Whether ``user`` is absent today, in their own zone."""
    profile = profile_of(user)
    return profile.is_absent(timezone.localdate(now, zone_of(profile)))


def who_acts_for(user: User, *, now: datetime | None = None) -> User | None:
    """``user``, or while they are absent their stand-in (or the stand-in's, at most three on); None for nobody.

    An account that is no longer active is absent without a stand-in.
    """
    for _step in range(DEPTH):
        profile = profile_of(user)
        if not user.is_active:
            return None
        if not profile.is_absent(timezone.localdate(now, zone_of(profile))):
            return user
        if profile.stand_in is None:
            return None
        user = profile.stand_in
    return None
