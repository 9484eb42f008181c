"""Accounts of staff in Django's admin: nobody is deleted, nobody rises above who changes the account."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    user = UserFactory(role="administrator", is_staff=True)
    client.force_login(user)
    return user


def test_an_account_is_never_deleted(client: Client, administrator: User) -> None:
    agent = UserFactory(role="agent")
    assert client.post(f"/admin/auth/user/{agent.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post("/admin/auth/user/", {"action": "delete_selected", "_selected_action": [agent.pk], "post": "yes"})
    assert User.objects.filter(pk=agent.pk).exists()


def test_an_administrator_makes_nobody_a_superuser(client: Client, administrator: User) -> None:
    sent = {"username": administrator.username, "first_name": "Ada", "is_active": "on", "is_superuser": "on"}
    sent |= {"date_joined_0": "2026-11-01", "date_joined_1": "10:00:00", "email": ""}
    response = client.post(f"/admin/auth/user/{administrator.pk}/change/", sent)
    administrator.refresh_from_db()
    assert (response.status_code, administrator.first_name, administrator.is_superuser) == (302, "Ada", False)


@pytest.mark.parametrize("page", ["change/", "password/"])
def test_an_administrator_changes_no_superuser(client: Client, administrator: User, page: str) -> None:
    root = UserFactory(is_superuser=True, is_staff=True)
    sent = {"username": root.username, "password1": "correct horse 9", "password2": "correct horse 9"}
    assert client.post(f"/admin/auth/user/{root.pk}/{page}", sent).status_code == 403
