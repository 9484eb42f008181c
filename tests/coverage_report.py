"""``python -m tests.coverage_report coverage.json``: the coverage of each app, and its files below 80 %."""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

ENOUGH = 80


def report(measured: dict[str, Any]) -> str:
    """A line for each app, and below it one for each file that the tests run through too little."""
    apps: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for name, file in sorted(measured["files"].items()):
        apps[name.partition("/")[0]].append((name, file["summary"]))
    lines = []
    for app, files in apps.items():
        total = sum(summary["num_statements"] for _name, summary in files)
        covered = sum(summary["covered_lines"] for _name, summary in files)
        lines.append(f"{_percent(covered, total):>6}  {app}")
        lines += [
            f"{_percent(summary['covered_lines'], summary['num_statements']):>6}      {name}"
            for name, summary in files
            if summary["covered_lines"] * 100 < ENOUGH * summary["num_statements"]
        ]
    return "\n".join(lines)


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.0f} %" if whole else "100 %"


if __name__ == "__main__":
    sys.stdout.write(report(json.loads(Path(sys.argv[1]).read_text())) + "\n")
