"""Every path and dotted name in the documentation exists in the code."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOP = "config|feedback|refunds|inspection|returns|signoff|tests"
CODE = re.compile(r"`([^`\n]+)`")
A_PATH = re.compile(rf"(?:(?:{TOP}|docs|templates|static|\.ci)/[\w./*-]*[\w*/]|\w+(?:/\w+)*\.py)")
A_NAME = re.compile(rf"(?:{TOP})(?!\.example\.)(?:\.\w+)+")  # returns.example.com is a host
A_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def missing(text: str, folder: Path) -> list[str]:
    """Paths, dotted names and links in ``text``, a page in ``folder``, that lead to nothing."""
    words = [word for code in CODE.findall(text) for word in re.split(r"[\s,;:]+", code)]
    paths = [word for word in words if A_PATH.fullmatch(word) and not is_file(word)]
    names = [word for word in words if A_NAME.fullmatch(word) and not is_name(word)]
    return paths + names + [link for link in A_LINK.findall(text) if not (folder / link).exists()]


def is_file(path: str) -> bool:
    """A path from the project's root, with ``*``, or the end of one (``logbook/writer.py``)."""
    if (ROOT / path).exists():
        return True
    found = ROOT.glob(path) if re.match(rf"({TOP}|docs)/", path) else python_files(path)
    return any(found)


def python_files(end: str) -> list[Path]:
    return [
        path for top in TOP.split("|") for path in (ROOT / top).rglob(Path(end).name) if str(path).endswith(f"/{end}")
    ]


def is_name(dotted: str) -> bool:
    """A module, or an attribute of one; an app label with a migration's number is a migration."""
    app, _dot, rest = dotted.partition(".")
    if re.fullmatch(r"\d{4}", rest):
        return any((ROOT / app / "migrations").glob(f"{rest}_*.py"))
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        if has_spec(".".join(parts[:length])):
            value: object = import_module(".".join(parts[:length]))
            for part in parts[length:]:
                if not hasattr(value, part):
                    return False
                value = getattr(value, part)
            return True
    return False


def has_spec(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # its parent is no package
        return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_exists(page: Path) -> None:
    assert missing(page.read_text(), page.parent) == []


@pytest.mark.parametrize(
    "text",
    [
        "`returns/logbook/typist.py`",
        "`typist.py`",
        "`tests/proof/test_nothing_*.py`",
        "`returns.logbook.typist`",
        "`returns.models.Case.nobody`",
        "`refunds.9999`",
        "[a page](docs/nothing.md)",
    ],
)
def test_a_name_that_leads_to_nothing_is_found(text: str) -> None:
    assert len(missing(text, ROOT)) == 1


def test_names_that_exist_are_left_alone() -> None:
    text = "`returns/logbook/writer.py`, `writer.py`, `returns.models.Case.Status`, `refunds.0008`, [it](README.md)"
    assert missing(text, ROOT) == []
