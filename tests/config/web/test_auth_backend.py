"""Permissions are read with the user, by one query, and anew at every request."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.web.auth_backend import StaffBackend
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
QUEUE = "/desk/cases/"


def test_user_and_rights_are_one_question(django_assert_num_queries: Any) -> None:
    user = UserFactory(role="agent")
    user.user_permissions.add(Permission.objects.get(codename="view_survey"))
    with django_assert_num_queries(1):
        found = StaffBackend().get_user(user.pk)
        rights = found.get_all_permissions()
    assert rights == {*user.get_all_permissions(), "feedback.view_survey"}
    assert "returns.review_case" in rights


def test_a_superuser_may_do_everything() -> None:
    user = StaffBackend().get_user(UserFactory(is_superuser=True).pk)
    assert user.has_perm("returns.review_case")


def test_a_right_that_is_taken_away_is_gone_at_the_next_request(client: Client) -> None:
    user = UserFactory(role="agent")
    client.force_login(user)
    assert client.get(QUEUE).status_code == 200
    Group.objects.get(name="agent").permissions.clear()
    assert client.get(QUEUE).status_code == 403


def test_who_signed_out_is_not_let_in_by_the_old_cookie(client: Client) -> None:
    client.force_login(UserFactory(role="agent"))
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get(QUEUE).status_code == 200
    client.post(reverse("account_logout"))
    client.cookies[settings.SESSION_COOKIE_NAME] = old
    assert client.get(QUEUE).status_code == 302


def test_a_session_ends_at_its_hour(client: Client) -> None:
    client.force_login(UserFactory(role="agent"))
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    assert client.get(QUEUE).status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    assert client.get(QUEUE).status_code == 302


def test_who_is_deactivated_is_out_at_the_next_request(client: Client) -> None:
    user = UserFactory(role="agent")
    client.force_login(user)
    user.is_active = False
    user.save()
    assert client.get(QUEUE).status_code == 302
    assert StaffBackend().get_user(0) is None
