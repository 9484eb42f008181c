"""The proofs have two lengths: short in `make test`, long in `make proof`. What they count is written down."""

import os
from collections.abc import Callable

import pytest

from tests.figures import Figure, record

LONG = "HOMEWARD_PROOF" in os.environ


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
