"""A figure knows whether its bound is kept; the table says so aloud."""

import pytest

from tests.figures import Figure, table


@pytest.mark.parametrize(
    ("value", "bound", "met"),
    [
        (0, "= 0", True),
        (1, "= 0", False),
        (0.2, "≥ 0.2", True),
        (0.19, "≥ 0.2", False),
        (1.31, "≤ 1.3", False),
        (9, "", True),
    ],
)
def test_a_bound_is_kept_or_not(value: float, bound: str, met: bool) -> None:
    assert Figure("a", "b", value, "", bound).met is met


def test_what_is_not_kept_stands_in_the_table() -> None:
    assert "| twice paid | 1  | = 0 **not met** |" in table([Figure("Payout", "twice paid", 1, "", "= 0")])
