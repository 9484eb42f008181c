"""Who works with whom, who is away, and who stands in."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from signoff.models import StaffProfile, StaffSession, Team

DEPTH = 3  # a stand-in may be away too; after so many the search ends


def teams_of(user: User) -> list[Team]:
    """The active teams of ``user``, by name; one query."""
    return list(Team.objects.of_user(user))


def profile_of(user: User) -> StaffProfile:
    """The profile of ``user``; unsaved and with every choice at its default where there is no row."""
    return StaffProfile.objects.select_related("stand_in").filter(user=user).first() or StaffProfile(user=user)


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


@dataclass(frozen=True)
class OwnSession:
    """A session as its owner sees it; ``browser`` is the name of the browser and its system."""

    token: str
    begun_at: datetime | None
    browser: str
    current: bool


def sessions_of(user: User, *, current: str) -> list[OwnSession]:
    """The live sessions of ``user``, the newest first; the one with the key ``current`` is always among them."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    rows = StaffSession.objects.filter(Exists(alive), user=user).order_by("-begun_at", "-pk")
    sessions = [
        OwnSession(str(row.token), row.begun_at, browser_name(row.browser), row.session_key == current) for row in rows
    ]
    known = any(session.current for session in sessions)
    return sessions if known else [OwnSession("", None, "", current=True), *sessions]


def browser_name(text: str) -> str:
    """Browser and system of a User-Agent header, such as "Firefox · Linux"; "" where neither is known."""
    browser = next((name for mark, name in _BROWSERS if mark in text), "")
    system = next((name for mark, name in _SYSTEMS if mark in text), "")
    return " · ".join(filter(None, [browser, system]))


#: marks in their order: Edge and Opera call themselves Chrome too, Chrome calls itself Safari
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
