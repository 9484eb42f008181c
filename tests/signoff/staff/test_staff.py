"""Teams of staff, absences and stand-ins."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client

from signoff.models import StaffProfile, Team
from signoff.staff.queries import is_away, profile_of, teams_of, who_acts_for
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 24, 12, tzinfo=UTC)


def make_absent(user: User, *, zone: str = "UTC", stand_in: User | None = None) -> StaffProfile:
    days = {"absent_from": date(2026, 12, 24), "absent_until": date(2026, 12, 26)}
    return StaffProfile.objects.create(user=user, time_zone=zone, stand_in=stand_in, **days)


def test_the_teams_of_a_user_are_the_active_ones_by_name() -> None:
    mei, jon = UserFactory(), UserFactory()
    for name, active, members in (("Night", True, [mei]), ("Day", True, [mei, jon]), ("Old", False, [mei])):
        Team.objects.create(name=name, active=active).members.set(members)
    assert [team.name for team in teams_of(mei)] == ["Day", "Night"]
    assert [team.name for team in teams_of(jon)] == ["Day"]


def test_two_teams_never_have_the_same_name() -> None:
    Team.objects.create(name="Day")
    with pytest.raises(IntegrityError):
        Team.objects.create(name="Day")


def test_the_history_of_a_team_shows_who_was_in_it() -> None:
    team, mei = Team.objects.create(name="Day"), UserFactory()
    team.members.add(mei)
    team.members.remove(mei)
    assert [[row.user for row in past.members.all()] for past in team.history.all()] == [[], [mei], []]


def test_somebody_without_a_profile_has_every_default_and_is_there() -> None:
    mei = UserFactory()
    assert (profile_of(mei).pk, profile_of(mei).muted, is_away(mei, now=NOON)) == (None, [], False)
    assert who_acts_for(mei, now=NOON) == mei


@pytest.mark.parametrize(
    ("zone", "now", "away"),
    [
        ("UTC", datetime(2026, 12, 23, 23, 59, tzinfo=UTC), False),
        ("UTC", datetime(2026, 12, 24, 0, 0, tzinfo=UTC), True),
        ("UTC", datetime(2026, 12, 26, 23, 59, tzinfo=UTC), True),
        ("UTC", datetime(2026, 12, 27, 0, 0, tzinfo=UTC), False),
        ("Asia/Shanghai", datetime(2026, 12, 23, 16, 0, tzinfo=UTC), True),
        ("Asia/Shanghai", datetime(2026, 12, 26, 16, 0, tzinfo=UTC), False),
    ],
)
def test_an_absence_covers_whole_days_in_the_persons_own_zone(zone: str, now: datetime, away: bool) -> None:
    mei = UserFactory()
    make_absent(mei, zone=zone)
    assert is_away(mei, now=now) is away


def test_the_stand_in_acts_for_who_is_away() -> None:
    mei, jon = UserFactory(), UserFactory()
    make_absent(mei, stand_in=jon)
    assert who_acts_for(mei, now=NOON) == jon


def test_two_who_stand_in_for_each_other_and_are_both_away_leave_nobody() -> None:
    mei, jon = UserFactory(), UserFactory()
    make_absent(mei, stand_in=jon)
    make_absent(jon, stand_in=mei)
    assert who_acts_for(mei, now=NOON) is None


def test_nobody_acts_for_a_person_whose_account_is_closed() -> None:
    assert who_acts_for(UserFactory(is_active=False), now=NOON) is None


@pytest.mark.parametrize(
    "choices",
    [
        {"absent_from": date(2026, 12, 26), "absent_until": date(2026, 12, 24)},
        {"absent_from": date(2026, 12, 26)},
        {"absent_until": date(2026, 12, 26)},
    ],
)
def test_an_absence_without_an_end_or_with_one_before_its_beginning_is_refused(choices: dict[str, date]) -> None:
    with pytest.raises(IntegrityError, match="absence_has_first_and_last_day"), transaction.atomic():
        StaffProfile.objects.create(user=UserFactory(), **choices)


def test_nobody_is_their_own_stand_in() -> None:
    mei = UserFactory()
    with pytest.raises(IntegrityError, match="stand_in_is_another"), transaction.atomic():
        StaffProfile.objects.create(user=mei, stand_in=mei)


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("administrator", 200), ("agent", 403)])
def test_managers_and_administrators_keep_the_teams(client: Client, role: str, status: int) -> None:
    client.force_login(UserFactory(role=role, is_staff=True))
    assert [client.get(f"/admin/signoff/{page}/").status_code for page in ("team", "staffprofile")] == [status] * 2


def test_a_manager_enters_the_absence_of_a_colleague(client: Client) -> None:
    manager, mei, jon = UserFactory(role="manager", is_staff=True), UserFactory(), UserFactory()
    client.force_login(manager)
    sent = {"user": mei.pk, "language": "zh-hant", "time_zone": "Asia/Taipei", "stand_in": jon.pk}
    sent |= {"absent_from": "2026-12-24", "absent_until": "2026-12-26"}
    assert client.post("/admin/signoff/staffprofile/add/", sent).status_code == 302
    profile = StaffProfile.objects.get(user=mei)
    assert (profile.stand_in, profile.history.get().history_user) == (jon, manager)
    assert client.get(f"/admin/signoff/staffprofile/{profile.pk}/history/").status_code == 200
