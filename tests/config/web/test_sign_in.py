"""Signing in: one counter for all pages and processes, nobody keeps others out, no answer tells who exists."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from config.web import auth_backend
from config.web.auth_backend import ADDRESS, ATTACK, NAME_AND_ADDRESS
from signoff.web import attempts
from signoff.web.models import Attempt, RefusedAttempts
from tests.factories import UserFactory

RIGHT, STRANGER, HOME = "correct horse", "203.0.113.66", "198.51.100.1"
DOORS = ("/accounts/login/", "/admin/login/")
FREE = NAME_AND_ADDRESS.free


def sign_in(name: str, password: str, *, address: str = STRANGER, door: str = "/accounts/login/") -> HttpResponse:
    """Type a name and a password on the page that ``door`` leads to."""
    client, sent = Client(REMOTE_ADDR=address), {"login": name, "username": name, "password": password}
    response = client.post(door, sent)
    if response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/"):
        response = client.post(response.headers["Location"], sent)
    return response


def is_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and not response.headers["Location"].startswith("/accounts/")


@pytest.fixture
def anna(db: None) -> User:
    return UserFactory(username="anna", email="anna@lantern.example", role="agent", is_staff=True)


@pytest.mark.parametrize("door", DOORS)
def test_of_a_hundred_wrong_passwords_five_are_checked(anna: User, door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    real = MD5PasswordHasher.verify
    monkeypatch.setattr(MD5PasswordHasher, "verify", lambda *told: checked.append(1) or real(*told))
    statuses = [sign_in("anna", f"wrong {n}", door=door).status_code for n in range(100)]
    assert (statuses, len(checked)) == ([200] * FREE + [429] * (100 - FREE), FREE)
    assert not is_in(sign_in("anna", RIGHT, door=door))  # the wait is for this address
    assert is_in(sign_in("anna", RIGHT, address=HOME, door=door))  # and for no other


def test_both_pages_and_both_names_of_a_user_count_together(anna: User) -> None:
    names = ("anna", "ANNA@lantern.example", "Anna")
    statuses = [sign_in(names[n % 3], "wrong", door=DOORS[n % 2]).status_code for n in range(FREE + 1)]
    assert statuses == [200] * FREE + [429]


def test_the_admin_has_no_sign_in_page_of_its_own(anna: User) -> None:
    response = Client().get("/admin/login/", {"next": "/admin/signoff/"})
    assert response.headers["Location"] == "/accounts/login/?next=%2Fadmin%2Fsignoff%2F"
    client = Client()
    client.force_login(UserFactory(role="agent"))
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[1:] == [("/desk/", 302), ("/desk/cases/", 302)]
    assert "have access to the settings" in page.content.decode()


def test_the_sentence_says_how_long(anna: User) -> None:
    for _ in range(FREE):
        sign_in("anna", "wrong")
    assert "Too many attempts. Try again in 1 minute." in sign_in("anna", "wrong").content.decode()


def test_waits_double_up_to_an_hour() -> None:
    waits = [NAME_AND_ADDRESS.wait_after(count) / timedelta(minutes=1) for count in range(FREE - 1, FREE + 9)]
    assert waits == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_after_the_wait_there_is_one_attempt(anna: User) -> None:
    for _ in range(FREE):
        sign_in("anna", "wrong")
    Attempt.objects.update(at=timezone.now() - timedelta(seconds=61))
    assert [sign_in("anna", "wrong").status_code for _ in range(3)] == [200, 429, 429]


def test_a_right_password_forgets_the_wrong_ones(anna: User) -> None:
    for _ in range(3):
        for _ in range(FREE - 1):
            sign_in("anna", "wrong")
        assert is_in(sign_in("anna", RIGHT))


def test_one_address_is_slowed_down_over_many_names_and_a_success_does_not_help_it(anna: User) -> None:
    UserFactory(username="thief")
    for n in range(ADDRESS.free):
        assert sign_in(f"name{n}", "wrong").status_code == 200
        if n % 4 == 0:
            assert is_in(sign_in("thief", RIGHT))
    assert sign_in("anna", "wrong").status_code == 429
    assert is_in(sign_in("anna", RIGHT, address=HOME))


def test_a_name_tried_from_everywhere_lets_the_right_password_in_at_once(anna: User) -> None:
    for n in range(100):
        sign_in("anna", "wrong", address=f"203.0.113.{n}")
    assert sign_in("anna", "wrong", address="192.0.2.1").status_code == 200
    assert sign_in("anna", "wrong", address="192.0.2.1").status_code == 429  # one try from each address, no longer five
    assert is_in(sign_in("anna", RIGHT, address=HOME))


def test_below_that_an_address_has_its_five_tries(anna: User) -> None:
    for n in range(ATTACK - 1):  # the next one is the last with five tries
        sign_in("anna", "wrong", address=f"203.0.113.{n}")
    tries = [sign_in("anna", "wrong", address="192.0.2.1").status_code for _ in range(2)]
    assert tries == [200, 429]


def test_an_empty_cache_forgets_nothing(anna: User) -> None:
    for _ in range(FREE):
        sign_in("anna", "wrong")
    cache.clear()
    assert sign_in("anna", "wrong").status_code == 429


def test_the_password_asked_again_counts_too(anna: User) -> None:
    client = Client(REMOTE_ADDR=STRANGER)
    client.force_login(anna, backend=settings.AUTHENTICATION_BACKENDS[0])
    for _ in range(FREE):
        client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert "Too many attempts" in client.post("/accounts/reauthenticate/", {"password": RIGHT}).content.decode()


def test_refusals_are_counted_by_the_hour(anna: User) -> None:
    for _ in range(FREE + 4):
        sign_in("anna", "wrong")
    assert RefusedAttempts.objects.get().count == 4


def test_rows_hold_no_name_and_no_address(anna: User) -> None:
    sign_in("anna", "wrong")
    assert all(len(key_hash) == 64 for key_hash in Attempt.objects.values_list("key_hash", flat=True))


@pytest.mark.parametrize("name", ["anna", "anna@lantern.example", "nobody", "nobody@lantern.example", "ben"])
def test_every_name_costs_one_hash(anna: User, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known or unknown, name or address, active or not: the same work and the same words."""
    UserFactory(username="ben", is_active=False)
    hashed = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *told: hashed.append(1) or real(*told))
    response = sign_in(name, "wrong")
    assert (response.status_code, len(hashed)) == (200, 1)
    assert "not correct" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_checked_five_times() -> None:
    assert checked_at_once() == FREE


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_more_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "_one_at_a_time", lambda hashes: None)
    monkeypatch.setattr(attempts, "_wait", slow_wait(attempts._wait))
    assert checked_at_once() > FREE


def slow_wait(real: Any) -> Any:
    def wait(*told: Any) -> timedelta:
        found = real(*told)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        return found

    return wait


def checked_at_once() -> int:
    UserFactory(username="anna")

    def attempt(n: int) -> int:
        try:
            return sign_in("anna", f"wrong {n}").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as crowd:
        return list(crowd.map(attempt, range(12))).count(200)


ANOTHER_PROCESS = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.test import Client
sent = {"login": "anna", "password": "wrong"}
for _ in range(3):
    print(Client(REMOTE_ADDR="203.0.113.66").post("/accounts/login/", sent).status_code)
"""


@pytest.mark.django_db(transaction=True)
def test_processes_count_together() -> None:
    UserFactory(username="anna")
    found = [sign_in("anna", "wrong").status_code for _ in range(2)]
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", ANOTHER_PROCESS, str(connection.settings_dict["NAME"])],
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        found += map(int, done.stdout.split())
    assert found == [200] * FREE + [429] * 3


def test_without_the_counter_all_are_checked(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth_backend, "count_try", lambda keys: None)
    assert [sign_in("anna", "wrong").status_code for _ in range(8)] == [200] * 8


@pytest.mark.django_db
def test_who_is_signed_in_goes_on_from_the_admins_sign_in_page(client: Client) -> None:
    client.force_login(UserFactory(role="administrator", is_staff=True))
    assert client.get("/admin/login/", {"next": "/admin/signoff/shop/"}).headers["Location"] == "/admin/signoff/shop/"
    assert client.get("/admin/login/", {"next": "//evil.example/"}).headers["Location"] == "/admin/"
    assert client.put("/admin/login/").status_code == 405
