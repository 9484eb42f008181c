"""No cell of an exported file can be a formula in any spreadsheet program."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from signoff.web.spreadsheet import safe_cell

STARTERS = st.sampled_from("=+-@|%＝＋－＠｜％﹢﹣﹦﹪﹫⁼₊⁺")
HIDDEN = st.text(st.sampled_from("\t\r\n \x00\x1b\u00a0\u200b\u200d\u2060\ufeff\u3000\u202e\u00ad\ufe0f"), max_size=4)


def first_seen(text: str) -> str:
    """The first character that a reader sees, as a spreadsheet might fold it."""
    folded = unicodedata.normalize("NFKC", text)
    return next((c for c in folded if unicodedata.category(c)[0] not in "CZM"), "")


def untouched(text: str) -> str:
    """The negative control: cells written as they are."""
    return text


@pytest.mark.parametrize(
    "write", [safe_cell, pytest.param(untouched, marks=pytest.mark.xfail(strict=True, raises=AssertionError))]
)
@settings(max_examples=2000, deadline=None)
@given(st.builds("{}{}{}".format, HIDDEN, STARTERS, st.text(max_size=20)))
@example("\ufeff\t＝cmd|' /C calc'!A0")
def test_a_cell_that_might_be_a_formula_gets_an_apostrophe(write: object, text: str) -> None:
    assert write(text) == f"'{text}"
    assert first_seen(write(text)) not in set("=+-@|%")


@settings(max_examples=2000, deadline=None)
@given(st.text())
def test_any_other_cell_stays_as_it_is(text: str) -> None:
    if first_seen(text) not in set("=+-@|%"):
        assert safe_cell(text) == text
