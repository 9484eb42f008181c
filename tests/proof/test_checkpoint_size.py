"""Large books: reading them takes no more memory than reading small ones, and a checkpoint holds what has grown."""

import time
from collections.abc import Callable, Sequence
from itertools import batched
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models

from returns.logbook.checkpoints.pins import Pins
from returns.logbook.checkpoints.write import LOGBOOK, checkpoint
from returns.logbook.verify import Verification
from returns.logbook.writer import entry_hash, history_digest
from returns.models import Case, LogEntry
from signoff.db.history import history_row, table_columns
from tests.factories import make_case

pytestmark = pytest.mark.django_db

A_CASE = 10  # entries, each with its row of the history
MEMORY = 48  # MiB that reading may take beyond what the process has


AT_ONCE = 200  # cases written together


def copy(rows: Sequence[models.Model]) -> None:
    shape = table_columns(type(rows[0]))
    into = f'COPY "{shape.table}" ("{shape.key}", {shape.columns}) FROM STDIN'
    with connection.cursor() as cursor, cursor.copy(into) as target:
        for row in rows:
            target.write_row([row.pk, *map(plain, shape.values(row))])


def plain(value: Any) -> Any:
    """COPY takes JSON as text."""
    return value.dumps(value.obj) if hasattr(value, "dumps") else value


def grow(cases: int) -> None:
    """So many cases, each with a chain that holds, like one that the product has opened."""
    model = make_case()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign key is looked up
        for some in batched(range(1_000_000, 1_000_000 + cases), AT_ONCE, strict=False):
            chains = [chain_like(model, key) for key in some]
            copy([past for chain in chains for past, _entry, _case in chain])
            copy([entry for chain in chains for _past, entry, _case in chain])
            copy([chain[-1][2] for chain in chains])
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE returns_case, returns_logentry, returns_historicalcase")


def chain_like(model: Case, key: int) -> list[tuple[Any, LogEntry, Case]]:
    """History row, entry and case, entry by entry."""
    chain, now, head = [], model.opened_at, ""
    case = Case.objects.model(pk=key, number=f"R-{key}")
    for name in ("order_id", "shop_id", "customer_id", "value", "opened_at", "status_since"):
        setattr(case, name, getattr(model, name))
    for case.seq in range(1, A_CASE + 1):
        past = history_row(case, kind="~", by=None, now=now, why="grown")
        past.pk = key * A_CASE + case.seq
        entry = LogEntry(pk=past.pk, case=case, seq=case.seq, at=now, verb="take", transaction=1, previous=head)
        entry.source = entry.target = case.status
        entry.facts, entry.history_id, entry.history_digest = {"lines": 1}, past.pk, history_digest(past)
        case.head = head = entry.hash = entry_hash(entry)
        chain.append((past, entry, case))
    return chain


class Memory:
    """The most that the process has held since it was begun, beyond what it had then; in MiB."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")
        self._before = self._peak()

    def grown(self) -> float:
        return (self._peak() - self._before) / 1024

    def _peak(self) -> int:
        line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1])


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's count of memory")
def test_large_books_are_read_in_little_memory(size: Callable[[int, int], int], figure: Callable[..., None]) -> None:
    cases = size(300, 10_000)
    grow(cases)
    begun = time.perf_counter()
    assert checkpoint(LOGBOOK).heads == cases + 1
    took = time.perf_counter() - begun
    figure("State", "chains pinned by a first checkpoint", cases / took, "per second", note="of all cases at once")
    [file] = (Path(settings.CHECKPOINT_DIR) / "logbook").iterdir()
    figure("State", "bytes in a checkpoint", file.stat().st_size / cases, "per case that has grown", "≤ 160")

    memory, begun = Memory(), time.perf_counter()
    with Pins("logbook") as pins:
        verification = Verification(pins)
        assert next(verification.faults(), None) is None
    took = time.perf_counter() - begun
    name = f"memory to verify {cases * A_CASE:,} entries"
    figure("State", name, round(memory.grown(), 1), "MiB", f"≤ {MEMORY}", "a few hundred cases at a time")
    rate, note = verification.entries / took, "JSON and sha256 of an entry and its history row, one process"
    figure("State", "logbook entries verified", round(rate), "per second", note=note)
