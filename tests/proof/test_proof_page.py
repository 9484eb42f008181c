"""The page about the proofs names, for each promise, a control that exists."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

PAGE = Path(settings.BASE_DIR) / "docs" / "proof.md"
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def controls(page: str) -> dict[str, list[tuple[str, str]]]:
    """File and name of the tests in the last column of the first table, by the promise of their row."""
    _before, _head, table = page.partition("|---|---|---|\n")
    rows = [row.strip("|").split("|") for row in table.partition("\n\n")[0].splitlines()]
    return {row[0].strip(): NAMED.findall(row[-1]) for row in rows}


def names_in(name: str) -> set[str]:
    """The tests in the files of this name."""
    return {
        node.name
        for path in (Path(settings.BASE_DIR) / "tests").rglob(name)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


def missing(page: str) -> list[str]:
    """Promises without a control, and controls that are no test."""
    found = controls(page)
    unnamed = [promise for promise, tests in found.items() if not tests]
    return unnamed + [
        f"{file}::{name}" for tests in found.values() for file, name in tests if name not in names_in(file)
    ]


def test_each_promise_names_a_control_that_exists() -> None:
    assert len(controls(PAGE.read_text())) >= 25
    assert missing(PAGE.read_text()) == []


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("none yet", "a promise"),
        ("it is off (`test_proof_page.py::test_that_nobody_wrote`)", "test_proof_page.py::test_that_nobody_wrote"),
    ],
)
def test_a_promise_without_a_control_is_found(cell: str, what: str) -> None:
    assert missing(f"| promise | how | control |\n|---|---|---|\n| a promise | so | {cell} |\n\nMore.") == [what]
