"""What a run says about tests whose data may not be part of the project."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.datafiles import COLLECTION, PROJECT, SHIPPED, data_file, manifest, present

ALLOWED = {"MIT", "BSD-3", "Apache-2.0", "MIT/Apache-2.0", "New BSD / CC BY", "own", "own, CC0"}
TESTS = """
import pytest
from tests.datafiles import needed

NAMES = ["formats/jd/nobody.csv", "formats/jd/no.csv", "photos/none.jpg", "formats/MANIFEST.tsv"]

@pytest.mark.parametrize("name", NAMES)
def test_a_file(name):
    assert needed(name).read_bytes()
"""


def run(folder: Path, *options: str, required: str = "") -> subprocess.CompletedProcess[str]:
    (folder / "test_files.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.datafiles", "-p", "xdist", *options]
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "TEST_DATA_REQUIRED": required}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the plugins of the project take seconds to load
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["alone", "by two workers"])
def test_the_last_line_counts_tests_without_data(tmp_path: Path, options: list[str]) -> None:
    ran = run(tmp_path, *options)
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[-1] == "3 tests need data that is not here: formats (2), photos (1)"


def test_without_data_a_run_fails_where_data_are_required(tmp_path: Path) -> None:
    ran = run(tmp_path, required="1")
    assert ran.returncode == 1
    assert "3 failed, 1 passed" in ran.stdout
    assert "needs data that is not here: formats/jd/no.csv" in ran.stdout


def test_a_run_with_all_data_says_nothing(tmp_path: Path) -> None:
    ran = run(tmp_path, "-k", "MANIFEST")
    assert "that is not here" not in ran.stdout
    assert "1 passed" in ran.stdout


def test_a_wrong_path_outside_the_collection_is_no_reason_to_skip(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        present(tmp_path / "none").read_bytes()


@pytest.mark.parametrize(("folder", "name"), [("formats", "path"), ("photos", "file")])
def test_every_file_that_is_given_on_has_a_licence_that_allows_it(folder: str, name: str) -> None:
    licences = {row[name]: row["licence"] for row in manifest(folder)}
    files = {path.relative_to(SHIPPED / folder).as_posix() for path in (SHIPPED / folder).rglob("*") if path.is_file()}
    files -= {"MANIFEST.tsv", "README.md", ".gitattributes"}
    assert {file: licences[file] for file in files if licences[file] not in ALLOWED} == {}
    assert len(files) > 40


def test_what_is_given_on_is_read_before_what_lies_beside_the_project() -> None:
    assert data_file("formats/shopify/sdk_python/order.json").is_relative_to(SHIPPED)
    assert data_file("formats/jd/order_export_header.csv").is_relative_to(COLLECTION)
