"""``python -m tests.bench [SECTION …]``: measure, print a table, write JSON; each section on data of its own.

A section is a module of this package with ``measure() -> None``, which calls ``tests.figures.record``. It finds Django
set up, the embedded database running and migrated, and nothing else.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import django
from django.core.management import call_command

from config.runtime import postgres
from tests import figures as told

SECTIONS = (
    "cases", "pages", "lists", "threads", "orders", "imports", "pictures", "http", "payouts", "page_weight"
)  # fmt: skip
HERE = Path(__file__).resolve()


def fresh(data: str, figures: Path) -> dict[str, str]:
    """An environment with its own data, in production's settings, on a plain address of this machine."""
    own = {"HOMEWARD_DATA": data, "HOMEWARD_FIGURES": str(figures), "DJANGO_SETTINGS_MODULE": "config.settings"}
    own |= {"MFA_REQUIRED": "0"}  # its managers sign in by their session alone
    return {name: value for name, value in os.environ.items() if name not in ("DEMO", "SITE_URL", "DATABASE_URL")} | own


def here(work: Callable[[], object]) -> None:
    """Do the work in this process, with Django set up and a migrated database that is forgotten afterwards."""
    if "HOMEWARD_FIGURES" not in os.environ:  # only ``fresh`` sets it: never forget somebody's own data
        sys.exit("Run it without --alone and --machine: python -m tests.bench SECTION")
    django.setup()
    postgres.ensure()
    call_command("migrate", verbosity=0)
    try:
        work()
    finally:
        postgres.forget()


def alone(section: str) -> None:
    """Measure one section here and now."""
    here(lambda: importlib.import_module(f"tests.bench.{section}").measure())


def every(sections: list[str], lines: Path) -> list[str]:
    """Measure the sections one after the other into ``lines``; the names of those that broke off."""
    broken: list[str] = []
    for section in sections:
        print(f"… {section}", file=sys.stderr, flush=True)  # noqa: T201
        with tempfile.TemporaryDirectory() as data:
            Path(data).chmod(0o711)  # the database may run as another user
            command = [sys.executable, "-m", "tests.bench", "--alone", section]
            broken += [section] if subprocess.run(command, env=fresh(data, lines)).returncode else []
    return broken


def publish(figures: list[told.Figure], out: Path, page: Path | None) -> bool:
    """Print the table, keep it as JSON and in the page; whether every bound is kept."""
    out.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(figure) | {"met": figure.met} for figure in figures]
    out.write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    text = f"{machine_of_record()}\n\n{told.table(figures)}"
    print(text)  # noqa: T201
    if page:
        told.write_into(page, text)
    return all(figure.met for figure in figures)


def machine_of_record() -> str:
    """The machine's line, from a process of its own with a database of its own."""
    with tempfile.TemporaryDirectory() as data:
        Path(data).chmod(0o711)
        ask = [sys.executable, "-m", "tests.bench", "--machine"]
        ran = subprocess.run(ask, env=fresh(data, Path(data) / "none"), stdout=subprocess.PIPE, text=True, check=True)
        return ran.stdout.strip().splitlines()[-1]


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("sections", nargs="*", default=[])
    parser.add_argument("--alone", metavar="SECTION")
    parser.add_argument("--table", type=Path, metavar="FIGURES")
    parser.add_argument("--machine", action="store_true")
    parser.add_argument("--json", type=Path, default=HERE.parents[2] / "var" / "bench.json")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    asked = parser.parse_args()
    if asked.alone:
        alone(asked.alone)
        return 0
    if asked.machine:
        here(lambda: print(told.machine()))  # noqa: T201
        return 0
    if asked.table:
        return 0 if publish(told.recorded(asked.table), asked.json, asked.write) else 1
    there = [name for name in SECTIONS if (HERE.parent / f"{name}.py").exists()]
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "figures.jsonl"
        broken = every(asked.sections or there, lines)
        kept = publish(told.recorded(lines), asked.json, asked.write)
    if broken:
        print(f"Broke off: {', '.join(broken)}", file=sys.stderr)  # noqa: T201
    return 1 if broken or not kept else 0


if __name__ == "__main__":
    sys.exit(main())
