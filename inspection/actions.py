"""Actions of the bench: receive, inspect, appraise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspection import photos
from inspection.models import Appraisal, Finding, Inspection, Receipt
from inspection.queries import open_inspection
from inspection.surplus import actions as surplus
from returns.lifecycle.actions import move, take_step
from returns.lifecycle.queries import bare_lines, lines_with_articles
from returns.logbook.locks import lock_case
from returns.logbook.writer import Actor, author_of
from returns.models import Case, Line
from signoff.db.history import save_with_history
from signoff.models import Parcel
from signoff.parcels.watch import mark_return_delivered

MOST_UNITS = 10_000  # of one line in one parcel; more is a slip of the finger


class CountRefused(Exception):
    """Counts or findings that do not fit the case; a sentence for the bench."""


@dataclass(frozen=True)
class FindingDraft:
    """The verdict on ``quantity`` received units of one line; None for all of them."""

    line: Line
    verdict: str
    disposition: str
    grade: str = ""
    words: str = ""
    quantity: int | None = None


@transaction.atomic
def receive(
    case: Case,
    *,
    by: Actor,
    counted: Mapping[int, int],
    parcel: Parcel | None = None,
    remarks: str = "",
    other: str = "",
    seen: int | None = None,
    now: datetime | None = None,
) -> Receipt:
    """Receive the goods: ``counted`` is ``{case line id: units}``. The inspection of the case begins.

    Units beyond those requested, and ``other`` things in the parcel, do not belong to this case: they become lines of
    ``Surplus``, which the desk decides about. Raises ``CountRefused`` if nothing of the case was counted.
    """
    now = now or timezone.now()
    case = lock_case(case)
    lines, author = lines_with_articles(case), author_of(by)
    _check_counts(lines, counted)
    ours = {line.pk: min(counted.get(line.pk, 0), line.requested) for line in lines}
    over = {line: counted[line.pk] - ours[line.pk] for line in lines if counted.get(line.pk, 0) > ours[line.pk]}
    facts: dict[str, Any] = {"counted": sum(ours.values())}
    if extra := sum(over.values()) + bool(other):
        facts["surplus"] = extra
    take_step(case, Case.receive, by=by, seen=seen, now=now, digests=photos.pinned(case), **facts)
    surplus.record(case, over=over, other=other, by=author, now=now)
    for line in lines:
        line.received = ours[line.pk]
        save_with_history(line, by=author, now=now)
    if parcel is not None:
        parcel = mark_return_delivered(parcel, by=author, now=now)
    receipt = Receipt(
        case=case,
        parcel=parcel,
        received_at=now,
        received_by=author,
        counted={str(line.pk): line.received for line in lines},
        remarks=remarks,
    )
    save_with_history(receipt, by=author, now=now)
    save_with_history(Inspection(case=case, started_at=now, started_by=author), by=author, now=now)
    return receipt


@transaction.atomic
def conclude(
    case: Case,
    *,
    by: Actor,
    findings: Sequence[FindingDraft],
    seen: int | None = None,
    now: datetime | None = None,
) -> Inspection:
    """Record the verdicts for every received unit and hand the case back to the desk.

    Units of one line may get several verdicts. They are accepted unless they are not from our shop or go back to the
    shopper. Lines and inspections change only under the lock of their case. Raises ``CountRefused`` if received units
    have no verdict, or more than one.
    """
    now, author = now or timezone.now(), author_of(by)
    case = lock_case(case)
    came = {line.pk: line for line in bare_lines(case) if line.received}
    units = Counter[str]()
    for draft in findings:
        units[draft.verdict] += _units(draft, came)
    pinned, counted = photos.pinned(case), dict(sorted(units.items()))
    take_step(case, Case.inspect, by=by, seen=seen, now=now, digests=pinned, verdicts=sorted(counted), units=counted)
    _check_findings(findings, came)
    inspection = open_inspection(case)
    for draft in findings:
        finding = Finding(
            inspection=inspection,
            line=came[draft.line.pk],
            quantity=_units(draft, came),
            verdict=draft.verdict,
            disposition=draft.disposition,
            grade=draft.grade,
            words=draft.words,
        )
        save_with_history(finding, by=author, now=now)
    for line in came.values():
        accepted = [draft for draft in findings if draft.line.pk == line.pk and not _goes_back(draft)]
        line.accepted = sum(_units(draft, came) for draft in accepted)
        save_with_history(line, by=author, now=now)
    inspection.concluded_at, inspection.concluded_by = now, author
    save_with_history(inspection, by=author, now=now)
    return inspection


@transaction.atomic
def appraise(
    case: Case, *, by: Actor, verdict: str, words: str, seen: int | None = None, now: datetime | None = None
) -> Appraisal:
    """Record an expert's appraisal of the evidence; the review continues."""
    now = now or timezone.now()
    case = move(case, Case.record_appraisal, by=by, seen=seen, now=now, verdict=verdict)
    return Appraisal.objects.create(case=case, verdict=verdict, words=words, given_by=author_of(by), given_at=now)


def _check_counts(lines: Sequence[Line], counted: Mapping[int, int]) -> None:
    expected = {line.pk: line for line in lines}
    if set(counted) - set(expected):
        raise CountRefused(_("One of these items isn't part of this case. Check the return slip."))
    if min(counted.values(), default=0) < 0 or max(counted.values(), default=0) > MOST_UNITS:
        raise CountRefused(_("Enter each count as a number from 0 to %(most)d.") % {"most": MOST_UNITS})
    if not any(counted.values()):
        raise CountRefused(_("Enter how many items arrived."))


def _units(draft: FindingDraft, came: Mapping[int, Line]) -> int:
    """How many units a finding is about; 0 of a line that did not come."""
    if draft.line.pk not in came:
        return 0
    return came[draft.line.pk].received if draft.quantity is None else draft.quantity


def _check_findings(findings: Sequence[FindingDraft], came: Mapping[int, Line]) -> None:
    if set(came) != {draft.line.pk for draft in findings}:
        raise CountRefused(_("Enter a verdict for each item received, and only for those."))
    for line in came.values():
        judged = [_units(draft, came) for draft in findings if draft.line.pk == line.pk]
        if min(judged) < 1 or sum(judged) != line.received:
            raise CountRefused(
                _("%(received)d units came, but the verdicts are about %(judged)d. Give each unit one verdict.")
                % {"received": line.received, "judged": sum(judged)}
            )


def _goes_back(draft: FindingDraft) -> bool:
    return draft.verdict == Finding.Verdict.NOT_OURS or draft.disposition == Finding.Disposition.SEND_BACK
