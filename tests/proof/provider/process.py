"""The provider's process."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """A provider with its ledger in the folder; its port."""
    command = [sys.executable, "-m", "tests.proof.provider", str(folder / "ledger.jsonl")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()
