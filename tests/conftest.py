"""Fixtures of all tests. The browser's fixtures are in ``tests/browser.py``."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import hypothesis
import pytest
from celery import Celery
from celery import current_app as celery_app
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation

from config.i18n.catalogues import compile_stale
from config.runtime import postgres
from tests import fresh_database

# A failure of Hypothesis prints the line that plays it again: @reproduce_failure(…).
hypothesis.settings.register_profile("homeward", print_blob=True)
hypothesis.settings.load_profile("homeward")

pytest_plugins = ["tests.browser", "tests.datafiles", "tests.proof.server", "tests.webkit"]

# Committed rows are forgotten by making the database anew, not by TRUNCATE; see the module for why.
TransactionTestCase._fixture_teardown = lambda self: fresh_database.restore()


def pytest_configure(config: pytest.Config) -> None:
    """Wait for our turn, bring the translations up to date, and leave no server running at the end."""
    if hasattr(config, "workerinput"):
        return
    turn = ExitStack()
    turn.enter_context(fresh_database.turn())
    turn.callback(postgres.forget if "HOMEWARD_FORGET" in os.environ else postgres.stop)
    config.add_cleanup(turn.close)
    compile_stale()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked ``long``, except in ``make proof``."""
    if "HOMEWARD_PROOF" not in os.environ:
        left_out = [item for item in items if item.get_closest_marker("long")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Start the embedded server with the first test that needs a database, and make that."""
    postgres.ensure()
    with django_db_blocker.unblock():
        fresh_database.begin()
    yield
    with django_db_blocker.unblock():
        fresh_database.end()


@pytest.fixture(scope="session", autouse=True)
def _no_old_media() -> Iterator[None]:
    yield
    shutil.rmtree(django_settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_old_checkpoints() -> Iterator[None]:
    """What one test pinned is gone with its rows."""
    yield
    shutil.rmtree(django_settings.CHECKPOINT_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def _house_language() -> None:
    """A page asked for in Chinese leaves its language active in the thread; the next test begins without."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits must not reach from one test into the next."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the jobs that were sent to the workers; nobody runs them."""
    sent: list[str] = []

    def send_task(self: Celery, name: str, *args: Any, **options: Any) -> None:
        sent.append(name)

    monkeypatch.setattr(Celery, "send_task", send_task)
    return sent


@pytest.fixture
def run_jobs() -> Any:
    """Call it to do now what the workers' timetable would do: each job once, in its order."""

    def run() -> None:
        celery_app.loader.import_default_modules()
        for entry in celery_app.conf.beat_schedule.values():
            celery_app.tasks[entry["task"]].apply(throw=True)

    return run
