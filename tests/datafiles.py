"""Data files for tests; a test is skipped when its file may not be part of the project and is not there.

``tests/data`` holds what may be given on, with its licences; the whole collection may lie beside the project in
``../shared``. A test whose file is in neither place is skipped, and the last line of the run counts these tests. With
``TEST_DATA_REQUIRED=1`` it fails instead.
"""

import csv
import os
import re
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SHIPPED = PROJECT / "tests" / "data"
COLLECTION = PROJECT.parent / "shared" / "data"
MISSING = "needs data that is not here: "


def data_file(name: str) -> Path:
    """Where ``name``, such as ``formats/jd/order_export_header.csv``, is or would be."""
    shipped = SHIPPED / name
    return shipped if shipped.exists() else COLLECTION / name


def present(path: Path) -> Path:
    """``path``, which the calling test reads now; without it the test is skipped, or fails where data are required."""
    if path.is_relative_to(COLLECTION) and not path.exists():
        because = f"{MISSING}{path.relative_to(COLLECTION)}"
        if os.environ.get("TEST_DATA_REQUIRED") == "1":
            pytest.fail(because)
        pytest.skip(because)
    return path


def needed(name: str) -> Path:
    """The file or folder ``name``, which the calling test reads now; see ``present``."""
    return present(data_file(name))


def manifest(folder: str) -> list[dict[str, str]]:
    """The rows of the folder's ``MANIFEST.tsv``: every file of the collection, also those that are not here."""
    with (SHIPPED / folder / "MANIFEST.tsv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def missing(reasons: list[str]) -> str:
    """One line about tests that were skipped for want of data; empty if there are none."""
    names = [found[1] for reason in reasons if (found := re.search(rf"{MISSING}(\S+)", reason))]
    folders = Counter(name.partition("/")[0] for name in names)
    count = f"{len(names)} tests need" if len(names) > 1 else "1 test needs"
    where = ", ".join(f"{folder} ({of_it})" for folder, of_it in sorted(folders.items()))
    return f"{count} data that is not here: {where}" if names else ""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Say below pytest's own summary which tests had no data."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    if line := missing([report.longrepr[2] for report in reporter.stats.get("skipped", [])]):
        reporter.write_line(line, yellow=True)
