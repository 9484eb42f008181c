"""The ledger compared with its signed checkpoints outside the database."""

from collections.abc import Iterator

from django.db.models import QuerySet

from refunds.models import Entry
from returns.logbook.checkpoints.pins import Pin, Pins
from returns.logbook.checkpoints.write import Book, covers, is_current
from returns.models import LogEntry


def _heads(entries: QuerySet[LogEntry]) -> QuerySet:
    """Every booking is noted in the logbook within the same transaction, so no other case can have new entries."""
    chains = Entry.objects.filter(case__in=entries.order_by().values("case"))
    return chains.order_by("case_id", "-seq").distinct("case_id").values_list("case_id", "case__number", "seq", "hash")


LEDGER = Book("ledger", LogEntry, _heads, Entry.objects.count)


class LedgerCheckpoints:
    """The ledger's checkpoints, read case by case in the order of the cases' keys."""

    def __init__(self, pins: Pins) -> None:
        self._pins = pins
        newest = pins.newest
        self._limit = newest if newest and pins.complete and is_current(newest) else None

    def of_files(self, entries: int) -> Iterator[tuple[str, str]]:
        """Faults of the checkpoints themselves, and of the number of ``entries``, as (location, problem)."""
        for fault in self._pins.faults:
            yield f"checkpoint {fault.number}", fault.part
        newest = self._pins.newest
        if newest and entries < newest.entries:
            yield f"checkpoint {newest.number}", f"it counted {newest.entries} entries, now there are {entries}"

    def of_case(self, case: int, number: str, hashes: dict[int, str]) -> Iterator[tuple[str, str]]:
        """Faults of a case whose entries have these ``hashes``, and of earlier cases without entries."""
        yield from self.of_missing(case)
        pins = self._pins.of(case)
        for pin in [pin for pin in pins if hashes.get(pin.seq) != pin.hash][:1]:
            here = pin.seq in hashes
            problem = "has a different entry here" if here else "contains this entry, but it is missing now"
            yield f"case {number}, entry {pin.seq}", f"checkpoint {pin.at} {problem}"
        pinned = max((pin.seq for pin in pins), default=0)
        if self._limit and pinned < max(hashes) and self._is_quiet(case):
            problem = f"it is dated before checkpoint {self._limit.number}, which does not contain it"
            yield f"case {number}, entry {pinned + 1}", problem

    def of_missing(self, before: int | None) -> Iterator[tuple[str, str]]:
        """Faults of cases below the key ``before`` (None: all remaining) whose entries are only in the checkpoints."""
        last: Pin | None = None
        for pin in self._pins.before(before):
            if last is None or pin.case != last.case:
                problem = f"checkpoint {pin.at} contains entries of this case, but they are missing now"
                yield f"case {pin.number}", problem
            last = pin

    def _is_quiet(self, case: int) -> bool:
        """Whether the logbook of the case has no entries after the newest checkpoint."""
        last = LogEntry.objects.filter(case=case).order_by("-seq").first()
        return last is None or (self._limit is not None and covers(self._limit, last))
