"""Figures that proofs and benchmarks measure: one line each, with the bound it must keep and what limits it."""

import json
import os
import platform
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import django
from django.db import connection

MARKS = "<!-- figures -->", "<!-- /figures -->"


@dataclass(frozen=True)
class Figure:
    """``value`` in ``unit``; ``bound`` is "", "= 0", "≥ 0.2" or "≤ 1.3"; ``note`` says what limits it."""

    section: str
    name: str
    value: float
    unit: str = ""
    bound: str = ""
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the bound holds; a figure without one always does."""
        if not self.bound:
            return True
        sign, number = self.bound.split()
        limit = float(number.replace(",", ""))
        return {"=": self.value == limit, "≥": self.value >= limit, "≤": self.value <= limit}[sign]


def record(figure: Figure) -> Figure:
    """Append it to the file named by ``HOMEWARD_FIGURES``, where there is one (safe from several processes)."""
    if path := os.environ.get("HOMEWARD_FIGURES"):
        with Path(path).open("a") as lines:
            lines.write(json.dumps(asdict(figure), ensure_ascii=False) + "\n")
    return figure


def recorded(path: Path) -> list[Figure]:
    """What ``record`` has written there."""
    return [Figure(**json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


def machine() -> str:
    """The day and the machine, in one line; asks the database for its version."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        database = cursor.fetchone()[0]
    cpu = (
        re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text()) if Path("/proc/cpuinfo").exists() else None
    )
    return (
        f"{date.today():%Y-%m-%d} · {os.cpu_count()} cores, {cpu[1] if cpu else platform.machine()} · "
        f"Linux {platform.release()} · Python {platform.python_version()} · Django {django.get_version()} · "
        f"PostgreSQL {database}"
    )


def shown(number: float) -> str:
    """Whole numbers with commas, others with three digits that mean something."""
    if number == int(number):
        return f"{int(number):,}"
    return f"{number:,.1f}" if abs(number) >= 100 else f"{number:.3g}"


def table(figures: list[Figure]) -> str:
    """A Markdown table per section, in the order measured."""
    parts: list[str] = []
    for section in dict.fromkeys(figure.section for figure in figures):
        parts.append(f"### {section}\n\n| what | figure | must be | |\n|---|---:|---|---|")
        parts += [
            f"| {f.name} | {shown(f.value)} {f.unit} | {f.bound}{'' if f.met else ' **not met**'} | {f.note} |"
            for f in figures
            if f.section == section
        ]
        parts.append("")
    return "\n".join(parts)


def write_into(page: Path, text: str) -> None:
    """Replace what stands between the two marks of the page."""
    before, _, rest = page.read_text().partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    page.write_text(f"{before}{MARKS[0]}\n\n{text.strip()}\n\n{MARKS[1]}{after}")
