"""What the type checker is told to overlook: little, and each time with the code of the error and the reason."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "feedback", "refunds", "inspection", "returns", "signoff")
SILENCED = re.compile(r"#\s*type:\s*ignore.*")
WITH_REASON = re.compile(r"# type: ignore\[[a-z-]+(,[a-z-]+)*\]  # \w.{5,}")
MOST = 10


def silenced(lines: Iterable[str]) -> list[str]:
    """The comments that silence the type checker."""
    return [comment[0] for line in lines if (comment := SILENCED.search(line))]


def without_reason(comments: Iterable[str]) -> list[str]:
    return [comment for comment in comments if not WITH_REASON.fullmatch(comment)]


def test_the_product_silences_the_type_checker_rarely_and_says_why() -> None:
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    comments = silenced(line for path in files for line in path.read_text().splitlines())
    assert len(files) > 400
    assert len(comments) <= MOST
    assert without_reason(comments) == []


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # type: ignore",
        "x = 1  # type: ignore[attr-defined]",
        "x = 1  # type:ignore[attr-defined]  # the stubs leave it out",
        "x = 1  # type: ignore[attr-defined]  #",
        "x = 1  # type: ignore  # the stubs leave it out",
    ],
)
def test_silence_without_code_or_reason_is_found(line: str) -> None:
    assert without_reason(silenced([line])) != []


def test_silence_with_code_and_reason_is_let_through() -> None:
    comments = silenced(["x = 1  # type: ignore[attr-defined]  # the stubs leave it out"])
    assert len(comments) == 1
    assert without_reason(comments) == []
