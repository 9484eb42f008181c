"""Verification of the logbook: recomputes every hash chain and compares it with what is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from returns.logbook.checkpoints.compare import Fault, Signed, SignedSignOffs, of_order
from returns.logbook.checkpoints.pins import Pins
from returns.logbook.digests import EVIDENCE, Pinned
from returns.logbook.writer import entry_hash, history_digest
from returns.models import Case, Evidence, LogEntry
from signoff.db.required import required
from signoff.models import SignOff
from signoff.signoffs.proof import SignOffVerification

__all__ = ["Fault", "Verification"]

CASES_AT_ONCE = 500

_history = Case.history

#: columns of a case that its history follows, but for those that ``_end`` compares with the logbook
TRACKED = {field.attname for field in Case.history.model.tracked_fields} - {"seq", "status"}


@dataclass
class Verification:
    """One walk through all chains, a few hundred cases at a time. Read the counts after ``faults`` is through.

    With ``pins`` and ``pins_of_sign_offs`` they are also compared with the signed checkpoints outside the database.
    """

    pins: Pins | None = None
    pins_of_sign_offs: Pins | None = None
    cases: int = 0
    entries: int = 0
    sign_offs: int = 0
    _rows: dict[int, Any] = field(default_factory=dict)
    _pinned: Pinned = field(default_factory=lambda: Pinned([]))

    def faults(self) -> Iterator[Fault]:
        """Every fault found: of the checkpoints, case by case, of what speaks of no case, of sign-offs."""
        signed = Signed(self.pins, entries=LogEntry.objects.count()) if self.pins else None
        yield from signed.of_files() if signed else ()
        for cases in batched(Case.objects.order_by("pk").iterator(CASES_AT_ONCE), CASES_AT_ONCE):
            entries = _entries_of(cases)
            chained = [entry for chain in entries.values() for entry in chain]
            self._rows = _history.in_bulk([entry.history_id for entry in chained if entry.history_id])
            self._pinned = Pinned(chained)
            loose = _not_pinned(cases, chained)
            for case in cases:
                self.cases += 1
                chain = entries.get(case.pk, [])
                yield from self._chain(case, chain)
                yield from (Fault(case.number, None, part) for part in loose.get(case.pk, ()))
                yield from signed.of_case(case, chain) if signed else ()
        yield from signed.of_missing(None) if signed else ()
        yield from _ownerless()
        yield from self._of_sign_offs()

    def _of_sign_offs(self) -> Iterator[Fault]:
        signed = SignedSignOffs(self.pins_of_sign_offs) if self.pins_of_sign_offs else None
        yield from signed.of_files() if signed else ()
        missing: list[Fault] = []

        def beside(sign_off: SignOff) -> Iterator[str]:
            if signed:
                missing.extend(signed.of_missing(sign_off.pk))
                yield from signed.of_sign_off(sign_off)

        verification = SignOffVerification(beside)
        for fault in verification.faults():
            yield Fault(of_order(fault.order), fault.seq, fault.part)
        self.sign_offs = verification.count
        yield from (*missing, *(signed.of_missing(None) if signed else ()))

    def _chain(self, case: Case, entries: Iterable[LogEntry]) -> Iterator[Fault]:
        seq, head, target, row = 0, "", None, None
        for entry in entries:
            self.entries += 1
            entry.case = case
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
            yield _("it does not continue the entry before it")
        if entry.hash != entry_hash(entry):
            yield _("its hash does not match its content")
        yield from self._history(entry)
        for name, there in self._pinned.differing(entry):
            part = _("its record “%(name)s” was changed") if there else _("its record “%(name)s” is missing")
            yield part % {"name": name}

    def _history(self, entry: LogEntry) -> Iterator[str]:
        """Find the history row that the entry pins; it must be of this case."""
        if not entry.history_id and not entry.history_digest:
            return
        row = self._rows.get(entry.history_id or 0)
        if row is None or row.id != entry.case_id:
            yield _("its history row is missing")
        elif history_digest(row) != entry.history_digest:
            yield _("its history row was changed")


def _not_pinned(cases: Iterable[Case], entries: Iterable[LogEntry]) -> dict[int, list[str]]:
    """History rows and pictures of each case that no entry pins."""
    keys, entries = [case.pk for case in cases], list(entries)
    rows = {entry.history_id for entry in entries}
    names = {(entry.case_id, name) for entry in entries for name in entry.digests}
    faults: dict[int, list[str]] = {}
    for key, case in _history.filter(id__in=keys).values_list("history_id", "id"):
        if key not in rows:
            faults.setdefault(case, []).append(_("no entry tells of row %(key)d of its history") % {"key": key})
    pictures = Evidence.objects.filter(case__in=keys).select_related("line")
    for picture in pictures.order_by("pk"):
        is_pinned = (picture.case_id, f"{EVIDENCE}:{picture.token}") in names
        if not is_pinned or not _belongs(picture):
            part = (
                _("its picture %(token)s shows another line")
                if is_pinned
                else _("no entry tells of its picture %(token)s")
            )
            faults.setdefault(required(picture.case_id), []).append(part % {"token": picture.token})
    return faults


def _belongs(picture: Evidence) -> bool:
    """Whether a picture of a case has no draft, and its line belongs to the case."""
    line = picture.line
    if picture.draft_id or not picture.line_id:
        return not picture.draft_id
    return line is not None and (line.case_id, line.order_line_id) == (picture.case_id, picture.order_line_id)


def _entries_of(cases: Iterable[Case]) -> dict[int, list[LogEntry]]:
    chains: dict[int, list[LogEntry]] = {}
    for entry in LogEntry.objects.filter(case__in=cases).order_by("case_id", "seq"):
        chains.setdefault(entry.case_id, []).append(entry)
    return chains


def _end(case: Case, seq: int, head: str, target: str | None) -> Iterator[str]:
    """Compare the case's ``seq`` and ``head`` with its last entry."""
    if case.seq != seq:
        yield _("the case should have %(counted)d entries; the last one found is number %(found)d") % {
            "counted": case.seq,
            "found": seq,
        }
    if case.head != head:
        yield _("the case has a different last hash")
    if case.status != target:
        yield _("the case is “%(status)s”, its last entry says “%(target)s”") % {
            "status": case.status,
            "target": target or "–",
        }


def _columns(case: Case, row: Any) -> Iterator[str]:
    """Compare the case with its last history row. Notes write none, so ``seq`` may have gone on."""
    for name in sorted(TRACKED) if row else ():
        if getattr(case, name) != getattr(row, name):
            yield _("its “%(column)s” differs from the last row of its history") % {"column": name}


def _ownerless() -> Iterator[Fault]:
    """Entries and history rows of cases that do not exist any more."""
    entries = LogEntry.objects.filter(~Exists(Case.objects.filter(pk=OuterRef("case_id"))))
    for entry in entries.order_by("case_id", "seq").iterator():
        yield Fault(f"({entry.case_id})", entry.seq, _("the case of this entry is missing"))
    pictures = Evidence.objects.filter(~Exists(Case.objects.filter(pk=OuterRef("case_id"))), case__isnull=False)
    for case, token in pictures.order_by("pk").values_list("case_id", "token"):
        yield Fault(f"({case})", None, _("the case of picture %(token)s is missing") % {"token": token})
    rows = _history.filter(~Exists(Case.objects.filter(pk=OuterRef("id"))))
    for number in rows.order_by("number").values_list("number", flat=True).distinct().iterator():
        yield Fault(number, None, _("the history contains this case, but it is missing"))
