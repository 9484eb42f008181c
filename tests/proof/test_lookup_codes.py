"""Codes and links under attack: many guesses at once, a planted session, a restart of the server."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.db.models import QuerySet
from django.test import Client

from signoff.lookup.actions import TRIES
from signoff.lookup.rate_limit import LIMITS
from signoff.models import EntryCode
from signoff.web.hashing import matches
from tests.factories import OrderFactory, UserFactory
from tests.steps.order_lookup import enter, look_up, newest_code

CROWD = 20
KEY = settings.SESSION_COOKIE_NAME


def guess_at_once(key: str, codes: list[str]) -> Counter[str]:
    """One browser's session in many hands, each with a code; how the product answered them."""
    start = Barrier(len(codes))

    def guess(code: str) -> str:
        client = Client()
        client.cookies[KEY] = key
        start.wait()
        response = client.post("/code/", {"code": code})
        connections.close_all()
        words = response.content.decode()
        if response.status_code == 302:
            return "in"
        return "judged" if "That code is wrong" in words or "You entered a wrong code" in words else "not judged"

    with ThreadPoolExecutor(len(codes)) as crowd:
        return Counter(crowd.map(guess, codes))


def asked_for() -> tuple[str, str]:
    """The session of a browser that has asked for a code, and the code."""
    order, client = OrderFactory(), Client()
    look_up(client, order.number, order.customer.email, REMOTE_ADDR=f"198.51.100.{order.pk % 250}")
    return client.cookies[KEY].value, newest_code()


def wrong(code: str, count: int) -> list[str]:
    return [f"{(int(code) + step) % 10**6:06}" for step in range(1, count + 1)]


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_five_are_judged(size: Callable[[int, int], int], figure: Callable[..., None]) -> None:
    rounds, worst, entered = size(1, 15), 0, 0
    for _ in range(rounds):
        key, code = asked_for()
        told = guess_at_once(key, wrong(code, CROWD))
        worst = max(worst, told["judged"], EntryCode.objects.latest("pk").tries)
        key, code = asked_for()
        entered = max(entered, guess_at_once(key, [code] * CROWD)["in"])
    figure("Closed", f"guesses judged of {CROWD} at once", worst, "", f"= {TRIES}", f"worst of {rounds} rounds")
    figure("Closed", f"entries by one code of {CROWD} at once", entered, "", "= 1", f"most of {rounds} rounds")


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_more_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(*told: str) -> bool:
        sleep(0.2)
        return matches(*told)

    key, code = asked_for()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_options: rows)
    monkeypatch.setattr("signoff.lookup.actions.matches", slowly)
    assert guess_at_once(key, wrong(code, CROWD))["judged"] > TRIES


@pytest.mark.django_db
def test_a_planted_session_sees_nothing_of_what_its_victim_enters() -> None:
    """The thief's browser gives its session to the victim's and waits."""
    order, thief, victim = OrderFactory(), Client(), Client()
    look_up(thief, "L-0", "thief@shopper.example")
    victim.cookies[KEY] = planted = thief.cookies[KEY].value
    enter(victim, order)
    assert victim.cookies[KEY].value != planted
    left, new = (Session.objects.get(session_key=key).get_decoded() for key in (planted, victim.cookies[KEY].value))
    assert "entered_orders" not in left
    assert "browser" not in new
    assert thief.get(f"/orders/{order.token}/").headers["Location"] == "/"


@pytest.mark.django_db
def test_signing_in_changes_the_session_and_the_deactivated_cannot() -> None:
    user, client = UserFactory(role="agent"), Client()
    look_up(client, "L-0", "thief@shopper.example")
    planted = client.cookies[KEY].value
    sent = {"login": user.username, "password": "correct horse"}
    assert client.post("/accounts/login/", sent).headers["Location"] == "/desk/"
    assert client.cookies[KEY].value != planted
    user.is_active = False
    user.save()
    assert client.get("/desk/").headers["Location"].startswith("/accounts/login/")
    assert Client().post("/accounts/login/", sent).headers.get("Location") != "/desk/"


ANOTHER_PROCESS = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.test import Client
print(Client().post("/", {"number": "L-77", "contact": "anna@shopper.example"}).status_code)
"""


@pytest.mark.django_db(transaction=True)
def test_a_limit_outlives_the_process(order_of_anna: Any) -> None:
    for _ in range(LIMITS["contact"].free):
        look_up(Client(), "L-77", "anna@shopper.example")
    told = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS, str(connection.settings_dict["NAME"])],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["429"]


@pytest.fixture
def order_of_anna(db: None) -> Any:
    return OrderFactory(number="L-77", customer__email="anna@shopper.example")
