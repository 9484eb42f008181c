"""Proof that nobody edited the logbook: every chain is computed again and compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from returns.logbook.checkpoints.compare import Fault, Signed
from returns.logbook.checkpoints.pins import Pins
from returns.logbook.writer import entry_hash, history_digest
from returns.models import Case, LogEntry

__all__ = ["Fault", "Verification"]

CASES_AT_ONCE = 500

_history = Case.history

#: columns of a case that its history follows, but for those that ``_end`` compares with the logbook
TRACKED = {field.attname for field in Case.history.model.tracked_fields} - {"seq", "status"}


@dataclass
class Verification:
    """One walk through all chains, a few hundred cases at a time. Read the counts after ``faults`` is through.

    With ``pins`` the chains are also compared with the signed checkpoints outside the database.
    """

    pins: Pins | None = None
    cases: int = 0
    entries: int = 0
    _rows: dict[int, Any] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Every fault found: of the checkpoints, then case by case."""
        signed = Signed(self.pins, entries=LogEntry.objects.count()) if self.pins else None
        yield from signed.of_files() if signed else ()
        for some in batched(Case.objects.order_by("pk").iterator(CASES_AT_ONCE), CASES_AT_ONCE, strict=False):
            entries = _entries_of(some)
            self._rows = _history.in_bulk(
                [entry.history_id for chain in entries.values() for entry in chain if entry.history_id],
            )
            for case in some:
                self.cases += 1
                chain = entries.get(case.pk, [])
                yield from self._chain(case, chain)
                yield from signed.of_case(case, chain) if signed else ()
        yield from signed.of_missing(None) if signed else ()
        yield from _ownerless()

    def _chain(self, case: Case, entries: Iterable[LogEntry]) -> Iterator[Fault]:
        seq, head, target, row = 0, "", None, None
        for entry in entries:
            self.entries += 1
            for part in self._entry(entry, seq + 1, head):
                yield Fault(case.number, entry.seq, part)
            seq, head, target = entry.seq, entry.hash, entry.target
            row = self._rows.get(entry.history_id) if entry.history_id else row
        for part in (*_end(case, seq, head, target), *_columns(case, row)):
            yield Fault(case.number, None, part)

    def _entry(self, entry: LogEntry, expected: int, head: str) -> Iterator[str]:
        if entry.seq != expected:
            yield _("number %(expected)d is missing before it") % {"expected": expected}
        if entry.previous != head:
            yield _("it does not follow the entry before it")
        if entry.hash != entry_hash(entry):
            yield _("its hash does not fit what it says")
        if entry.history_id:
            row = self._rows.get(entry.history_id)
            if row is None:
                yield _("its row of the history is missing")
            elif history_digest(row) != entry.history_digest:
                yield _("its row of the history was changed")


def _entries_of(cases: Iterable[Case]) -> dict[int, list[LogEntry]]:
    chains: dict[int, list[LogEntry]] = {}
    for entry in LogEntry.objects.filter(case__in=cases).order_by("case_id", "seq"):
        chains.setdefault(entry.case_id, []).append(entry)
    return chains


def _end(case: Case, seq: int, head: str, target: str | None) -> Iterator[str]:
    """Does the case know its last entry?"""
    if case.seq != seq:
        yield _("the case counts %(counted)d entries, the last one found is %(found)d") % {
            "counted": case.seq,
            "found": seq,
        }
    if case.head != head:
        yield _("the case remembers another last hash")
    if case.status != target:
        yield _("the case is “%(status)s”, its last entry says “%(target)s”") % {
            "status": case.status,
            "target": target or "–",
        }


def _columns(case: Case, row: Any) -> Iterator[str]:
    """Is the case still what its last row of the history says? Notes write none, so ``seq`` may have gone on."""
    for name in sorted(TRACKED) if row else ():
        if getattr(case, name) != getattr(row, name):
            yield _("its “%(column)s” is not what the last row of its history says") % {"column": name}


def _ownerless() -> Iterator[Fault]:
    """What speaks of cases that are gone."""
    entries = LogEntry.objects.filter(~Exists(Case.objects.filter(pk=OuterRef("case_id"))))
    for entry in entries.order_by("case_id", "seq").iterator():
        yield Fault(f"({entry.case_id})", entry.seq, _("the case of this entry is missing"))
    rows = _history.filter(~Exists(Case.objects.filter(pk=OuterRef("id"))))
    for number in rows.order_by("number").values_list("number", flat=True).distinct().iterator():
        yield Fault(number, None, _("the history knows this case, but it is missing"))
