"""The proofs have two lengths: short in `make test`, long in `make proof`. Their figures are recorded."""

import os
from collections.abc import Callable

import pytest

from tests.figures import Figure, record

LONG = "HOMEWARD_PROOF" in os.environ
#: at full length these take minutes each and begin first, so that no worker is left alone with one at the end
LONGEST = (
    "state",
    "hostile_requests",
    "api_laws",
    "replay",
    "matrix",
    "checkpoint_size",
    "api_fuzz",
    "payout_schedules",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """At full length order the files by how long they take."""
    if LONG:
        rank = {f"test_{name}.py": place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


@pytest.fixture(scope="session")
def size() -> Callable[[int, int], int]:
    """``size(short, long)``: how much of it this run does."""
    return lambda short, long: long if LONG else short


@pytest.fixture
def figure() -> Callable[..., None]:
    """Write a figure down and fail when its bound is not kept: ``figure(section, name, value, unit, bound, note)``."""

    def tell(section: str, name: str, value: float, unit: str = "", bound: str = "", note: str = "") -> None:
        told = record(Figure(section, name, value, unit, bound, note))
        assert told.met, f"{name}: {value} {unit}, must be {bound}"

    return tell
