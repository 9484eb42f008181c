"""The demo is open while it is being filled: every page shows the progress, and it disappears by itself."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from config.demo import progress
from tests.factories import OrderFactory, make_case

pytestmark = pytest.mark.django_db
WORDS = "The demo shop is still being filled: 3 of 400 orders."


@pytest.fixture(autouse=True)
def _own_mark(settings: Any, tmp_path: Path) -> None:
    """The mark is a file in the data folder, which all workers of a test run share."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def half_filled() -> None:
    progress.marker_file().touch()
    OrderFactory.create_batch(3, source="demo")
    OrderFactory(source="olist")


@pytest.mark.usefixtures("half_filled")
def test_a_page_says_how_many_orders_are_there(client: Client) -> None:
    assert WORDS in client.get("/").text
    assert WORDS in client.get("/accounts/login/").text
    assert 'hx-get="/demo/filling/"' in client.get("/").text


@pytest.mark.usefixtures("half_filled")
def test_the_sentence_goes_away_by_itself(client: Client) -> None:
    assert WORDS in client.get("/demo/filling/").text
    progress.marker_file().unlink()
    assert client.get("/demo/filling/").text == ""
    assert "still being filled" not in client.get("/").text


@pytest.mark.usefixtures("half_filled")
def test_nothing_is_said_outside_the_demo(client: Client, settings: Any) -> None:
    settings.DEMO = False
    assert "still being filled" not in client.get("/").text


def test_the_demo_opens_with_its_twentieth_case() -> None:
    progress.marker_file().touch()
    for _case in range(progress.CASES_TO_BEGIN_WITH - 1):
        make_case()
    assert not progress.can_be_viewed()
    make_case()
    assert progress.can_be_viewed()


def test_a_whole_demo_opens_at_once() -> None:
    assert progress.can_be_viewed()


def test_a_database_with_orders_is_never_filled_again() -> None:
    OrderFactory()
    with pytest.raises(CommandError, match="empty database only"):
        call_command("load_demo")
    assert progress.is_complete()
