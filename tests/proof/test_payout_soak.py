"""Thousands of refunds through the product's own workers, while workers die, the database crashes, nudges get lost."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config.runtime import postgres
from tests.proof.conftest import LONG

pytestmark = pytest.mark.django_db(transaction=True)
NOT_OURS = ("HOMEWARD_TEST", "DATABASE_URL", "PYTEST_CURRENT_TEST")


@pytest.fixture
def surroundings() -> Iterator[dict[str, str]]:
    """Data on the disk, with a database server of its own; the short form is content with that of the test run."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    own = {"DJANGO_SETTINGS_MODULE": "tests.proof.soak_settings"}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # the database may run as another user
        own["HOMEWARD_DATA"] = folder
        if not LONG:
            own["DATABASE_URL"] = f"{postgres.url().rpartition('/')[0]}/{connection.settings_dict['NAME']}"
        try:
            yield kept | own
        finally:
            if LONG:
                forget = [sys.executable, "manage.py", "database", "forget"]
                subprocess.run(forget, env=kept | own, cwd=settings.BASE_DIR, check=False)


def test_nothing_is_lost_whatever_dies(
    surroundings: dict[str, str], size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    refunds, kills, crashes = size(30, 2000), size(2, 16), size(0, 3)
    wanted = [str(number) for number in (refunds, size(2, 4), kills, crashes)]
    command = [sys.executable, "-m", "tests.proof.soak_command", *wanted]

    ran = subprocess.run(command, env=surroundings, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, check=True)

    found = json.loads(ran.stdout)
    figure("Payout", "soak: refunds paid", found["paid"], "", f"= {refunds}", f"in {found['seconds']} s")
    figure("Payout", "soak: worker processes killed", found["kills"], "", f"≥ {kills}")
    figure("Payout", "soak: database crashes, the broker's folder emptied", found["crashes"], "", f"≥ {crashes}")
    figure("Payout", "soak: paid twice", found["twice"], "", "= 0")
    figure("Payout", "soak: lost", found["lost"], "", "= 0")
    assert not found["wrong"]
