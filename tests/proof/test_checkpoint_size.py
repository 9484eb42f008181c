"""Large books: reading them takes no more memory than reading small ones, and a checkpoint holds what has grown."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models

from returns.actions.logbook import entry_hash, history_digest
from returns.checkpoints.pins import Pins
from returns.checkpoints.writing import LOGBOOK, checkpoint
from returns.models import Case, LogEntry
from returns.verify import Verification
from signoff.keeping import past_of, shape_of
from tests.factories import make_case

pytestmark = pytest.mark.django_db

A_CASE = 10  # entries, each with its row of the history
MEMORY = 48  # MiB that reading may take beyond what the process has


def copy(model: type[models.Model], rows: Iterator[models.Model]) -> None:
    shape = shape_of(model)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{shape.table}" ("{shape.key}", {shape.columns}) FROM STDIN') as target,
    ):
        for row in rows:
            target.write_row([row.pk, *map(plain, shape.values(row))])


def plain(value: Any) -> Any:
    """COPY takes JSON as text."""
    return (getattr(value, "dumps", None) and value.dumps(value.obj)) or value


def grow(cases: int) -> None:
    """So many cases, each with a chain that holds, beside one made by the product."""
    model = make_case()
    first, now = LogEntry.objects.get(case=model), model.opened_at
    keys = range(1_000_000, 1_000_000 + cases)
    ends: dict[int, str] = {}

    def histories() -> Iterator[models.Model]:
        for key in keys:
            for seq in range(1, A_CASE + 1):
                yield history(key, seq)

    def history(key: int, seq: int) -> Any:
        case = Case(pk=key, number=f"R-{key}", order_id=model.order_id, shop_id=model.shop_id, seq=seq)
        case.opened_at = case.status_since = now
        case.customer_id, case.value = model.customer_id, model.value
        past = past_of(case, kind="~", by=None, now=now, why="grown")
        past.pk = key * A_CASE + seq
        return past

    def entries() -> Iterator[models.Model]:
        for key in keys:
            head = ""
            for seq in range(1, A_CASE + 1):
                past = history(key, seq)
                entry = LogEntry(
                    pk=past.pk, case_id=key, seq=seq, at=now, verb="take", source="submitted", target="submitted",
                    facts={"lines": 1}, history_id=past.pk, history_digest=history_digest(past), previous=head,
                    transaction=first.transaction,
                )  # fmt: skip
                head = entry.hash = entry_hash(entry)
                yield entry
            ends[key] = head

    def rows() -> Iterator[models.Model]:
        for key in keys:
            past = history(key, A_CASE)
            facts = {field.attname: getattr(past, field.attname) for field in past.tracked_fields}
            yield Case(**facts, head=ends[key])

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    copy(type(history(0, 0)), histories())
    copy(LogEntry, entries())
    copy(Case, rows())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE returns_case, returns_logentry, returns_historicalcase")


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
    cases = size(300, 30_000)
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
