"""Turns at decoding pictures: one for each person, a few for all, none for those who would have to wait."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from returns.intake.drafts import choose, start
from returns.models import Evidence
from signoff.pictures.clean import busy_sentence, clean_each
from signoff.pictures.turns import Turn
from tests.factories import OrderFactory, ReasonFactory
from tests.pictures.corpus import upload
from tests.steps.order_lookup import enter


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.PICTURES_AT_ONCE = tmp_path, 2


@contextmanager
def having_a_turn(person: str) -> Iterator[bool]:
    turn = Turn(person)
    try:
        yield turn.take()
    finally:
        turn.give_back()


def test_each_person_has_one_turn_at_a_time() -> None:
    with having_a_turn("Ada") as first, having_a_turn("Ada") as second:
        assert (first, second) == (True, False)
    with having_a_turn("Ada") as again:
        assert again


def test_no_more_people_have_a_turn_than_there_are_places() -> None:
    with ExitStack() as stack:
        taken = [stack.enter_context(having_a_turn(person)) for person in ("Ada", "Ben", "Cyd")]
        assert taken == [True, True, False]


def test_one_request_takes_one_turn_for_all_its_pictures() -> None:
    turn = Turn("Ada")
    assert [turn.take(), turn.take()] == [True, True]
    turn.give_back()


def test_who_was_refused_stays_refused_until_the_request_ends() -> None:
    with having_a_turn("Ada"):
        turn = Turn("Ada")
        assert not turn.take()
    assert not turn.take()


def test_a_process_that_dies_leaves_its_turn(tmp_path: Path) -> None:
    code = (
        "import django, os, signal; django.setup(); from django.conf import settings; from pathlib import Path\n"
        f"settings.DATA_DIR = Path({str(tmp_path)!r})\n"
        "from signoff.pictures.turns import Turn\n"
        "turn = Turn('Ada'); print(turn.take(), flush=True); signal.pause()\n"
    )
    held = subprocess.Popen([sys.executable, "-c", code], cwd=django_settings.BASE_DIR, stdout=subprocess.PIPE)
    try:
        assert held.stdout
        assert held.stdout.readline() == b"True\n"
        with having_a_turn("Ada") as while_it_lives:
            assert not while_it_lives
    finally:
        os.kill(held.pid, signal.SIGKILL)
        held.communicate()
    with having_a_turn("Ada") as afterwards:
        assert afterwards


def test_outside_a_request_pictures_are_always_decoded() -> None:
    with having_a_turn("Ada"), having_a_turn("Ben"):
        pictures, refusals = clean_each([upload("png_named.jpg")])
    assert (len(pictures), refusals) == (1, [])


def test_turns_need_no_folder_to_exist(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "not" / "there"
    with having_a_turn("Ada") as first:
        assert first


def test_the_file_of_turns_is_private(tmp_path: Path) -> None:
    with having_a_turn("Ada"):
        assert (tmp_path / "picture-turns").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def details(client: Client) -> Callable[[], Any]:
    """Sends a form with words and a photo."""
    order = OrderFactory()
    ReasonFactory(shop=order.shop)
    draft = choose(start(order), quantities={order.lines.first().pk: 1})
    enter(client, order)
    path = reverse("returns:request-details", args=[order.token, draft.token])
    return lambda: client.post(
        path, {"upload": "1", "line1-words": "It arrived broken.", "line1-photos": [upload("png_named.jpg")]}
    )


@pytest.mark.django_db
def test_without_a_turn_the_form_comes_back_with_429_and_all_words(details: Callable[[], Any]) -> None:
    with having_a_turn("Ben"), having_a_turn("Cyd"):
        answer = details()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert busy_sentence() in answer.content.decode().replace("&#x27;", "'")
    assert "It arrived broken." in answer.content.decode()
    assert not Evidence.objects.exists()
    assert details().status_code == 302
    assert Evidence.objects.count() == 1
