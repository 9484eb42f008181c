"""One's own profile: language, zone, absence, notifications, sessions."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from signoff.models import StaffProfile, StaffSession
from signoff.staff.actions import forget_sessions
from signoff.staff.queries import browser_name
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PROFILE = "/desk/profile/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def mei() -> User:
    return UserFactory(role="agent")


def sign_in(user: User, **headers: str) -> Client:
    client = Client(headers=headers)
    client.post("/accounts/login/", {"login": user.username, "password": "correct horse"})
    return client


def test_choices_are_saved_with_their_history(client: Client, mei: User) -> None:
    jon = UserFactory()
    client.force_login(mei)
    sent: dict[str, Any] = {"language": "zh-hant", "time_zone": "Asia/Taipei", "stand_in": jon.pk}
    sent |= {"absent_from": "2026-12-24", "absent_until": "2026-12-26", "wanted": ["answered", "overdue"]}
    assert client.post(PROFILE, sent).url == PROFILE
    profile = StaffProfile.objects.get(user=mei)
    assert (profile.language, profile.time_zone, profile.stand_in) == ("zh-hant", "Asia/Taipei", jon)
    assert profile.muted == ["assigned", "mentioned", "sent_back", "payout_failed", "alarm", "digest"]
    assert profile.history.get().history_user == mei


def test_a_wrong_profile_is_shown_again_with_a_sentence(client: Client, mei: User) -> None:
    client.force_login(mei)
    for sent, words in [
        ({"time_zone": "Mars/Base"}, "There is no time zone “Mars/Base”."),
        ({"absent_from": "2026-12-26", "absent_until": "2026-12-24"}, "The last day is before the first."),
        ({"absent_until": "2026-12-24"}, "Enter both days, or leave both empty."),
        ({"stand_in": mei.pk}, "Select a valid choice"),
    ]:
        assert words in client.post(PROFILE, sent).content.decode(), sent
    assert not StaffProfile.objects.exists()


def test_the_desk_speaks_the_language_of_the_profile_until_the_menu_says_otherwise(client: Client, mei: User) -> None:
    StaffProfile.objects.create(user=mei, language="zh-hans", time_zone="Asia/Shanghai")
    client.force_login(mei)
    assert 'lang="zh-hans"' in client.get(PROFILE).content.decode()
    client.post("/i18n/setlang/", {"language": "en"})
    assert 'lang="en"' in client.get(PROFILE).content.decode()
    assert 'lang="en"' in Client().get("/").content.decode()


def test_a_session_that_was_ended_is_signed_out_at_its_next_request(mei: User) -> None:
    here, there = sign_in(mei), sign_in(mei, user_agent=FIREFOX)
    html = here.get(PROFILE).content.decode()
    assert "Firefox · Linux" in html
    assert "This browser" in html
    other = StaffSession.objects.get(browser=FIREFOX)
    assert there.get(PROFILE).status_code == 200
    here.post(f"/desk/profile/sessions/{other.token}/end/")
    assert there.get(PROFILE).url == f"/accounts/login/?next={PROFILE}"
    assert here.get(PROFILE).status_code == 200
    said = here.post(f"/desk/profile/sessions/{other.token}/end/", follow=True).content.decode()
    assert "That session had already ended." in said


def test_all_others_are_ended_at_once(mei: User) -> None:
    here, *others = (sign_in(mei) for _ in range(3))
    assert "2 other sessions ended." in here.post("/desk/profile/sessions/end/", follow=True).content.decode()
    assert [other.get(PROFILE).status_code for other in others] == [302, 302]


def test_nobody_ends_the_session_of_a_colleague(mei: User) -> None:
    theirs = sign_in(UserFactory(role="manager"))
    row = StaffSession.objects.get()
    sign_in(mei).post(f"/desk/profile/sessions/{row.token}/end/")
    assert theirs.get(PROFILE).status_code == 200


def test_sessions_that_ended_by_themselves_are_forgotten(mei: User) -> None:
    sign_in(mei).post("/accounts/logout/")
    assert forget_sessions() == 1
    assert not StaffSession.objects.exists()


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (FIREFOX, "Firefox · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140.0 Safari/537.36 Edg/140", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("curl/8", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_people_know_it(header: str, name: str) -> None:
    assert browser_name(header) == name
