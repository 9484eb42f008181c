"""Opens cases from sign-offs with discrepancies, once each, with the delivery photos as evidence."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.utils import timezone

from returns.intake.actions import add_evidence
from returns.intake.automatic.line_faults import Fault, note_in_cases, open_case_for_faults, shops_with_reasons
from returns.intake.reason_mapping import REFUSED, main_kind
from returns.lifecycle.sweep import sweep_rows
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.logbook.digests import pinned_sign_off
from returns.logbook.locks import lock_case
from returns.logbook.writer import Actor, note
from returns.models import Case, CaseOrigin, Evidence
from signoff.db.lookups import claim
from signoff.models import SignOff, SignOffLine, SignOffPhoto
from signoff.pictures.store import store_copy

logger = logging.getLogger(__name__)
Outcome = SignOff.Outcome


def open_from_sign_offs(now: datetime | None = None) -> int:
    """Open the case of every sign-off that asks for one, each in its own transaction; returns how many.

    Of a chain of corrections only the newest counts. A case that was opened from an earlier version gets a note.
    """
    process = partial(_process_sign_off, now=now or timezone.now())
    return sweep_rows("sign-off", _waiting(), process, refusals=(ExceedsOrdered,))


def _waiting() -> list[int]:
    """Primary keys of unprocessed sign-offs that need a case. Two steps, because joining the shops first is slow."""
    unseen = list(SignOff.objects.with_consequences().filter(case_origin=None).values_list("pk", flat=True))
    ready = SignOff.objects.filter(pk__in=unseen, order__shop__in=shops_with_reasons())
    return list(ready.order_by("pk").values_list("pk", flat=True)) if unseen else []


def _process_sign_off(key: int, *, now: datetime) -> bool:
    """Open the case of one sign-off; False where another sweep has it or was faster, or it was corrected."""
    rows = SignOff.objects.select_related("order__customer", "order__shop", "parcel", "recorded_by")
    sign_off = rows.filter(pk=key).first() if claim(SignOff, key) else None
    if sign_off is None or CaseOrigin.objects.filter(sign_off=key).exists():
        return False
    case, is_current = None, not SignOff.objects.filter(corrects=key).exists()
    if is_current and not _note_correction(sign_off, now=now):
        case = _case_about(sign_off, now=now)
    CaseOrigin.objects.create(sign_off=sign_off, case=case)
    return is_current


def _note_correction(sign_off: SignOff, *, now: datetime) -> bool:
    """Note the correction in the case that an earlier version has opened; False where there is none."""
    for earlier in _corrected(sign_off):
        case = Case.objects.filter(origin__sign_off=earlier).first()
        if case and case.status != Case.Status.CLOSED:
            locked = lock_case(case)
            pinned = pinned_sign_off(sign_off) | add_evidence(locked, _copies([sign_off]))
            note(
                locked,
                "sign_off_corrected",
                by=sign_off.recorded_by,
                now=now,
                digests=pinned,
                **_facts(sign_off),
            )
            return True
    return False


def _corrected(sign_off: SignOff) -> Iterator[SignOff]:
    earlier = sign_off.corrects
    while earlier:
        yield earlier
        earlier = earlier.corrects


def _case_about(sign_off: SignOff, *, now: datetime) -> Case | None:
    faults, facts = faults_of(sign_off), _facts(sign_off)
    if not faults:
        return None
    pinned, versions = pinned_sign_off(sign_off), [sign_off, *_corrected(sign_off)]
    case = open_case_for_faults(
        sign_off.order,
        faults,
        by=_author(sign_off),
        channel=Case.Channel.SIGN_OFF,
        now=now,
        pictures=_copies(versions),
        digests=pinned,
        **facts,
    )
    if case is None:
        copies = partial(_copies, versions)
        note_in_cases(sign_off.parcel, faults, "sign_off_told", now=now, pictures=copies, digests=pinned, **facts)
    return case


def faults_of(sign_off: SignOff) -> list[Fault]:
    """What is wrong with it, line by line; notes on the whole parcel go with the first."""
    faults = []
    words = [note.words for note in sign_off.notes.filter(line=None).order_by("pk")]
    for line in sign_off.lines.prefetch_related("discrepancies", "notes"):
        if units := _units(line, refused=sign_off.outcome == Outcome.REFUSED):
            words += [note.words for note in line.notes.all()]
            faults.append(Fault(line.order_line_id, units, words="\n\n".join(filter(str.strip, words))))
            words = []
    return faults


def _units(line: SignOffLine, *, refused: bool) -> Mapping[str, int]:
    """Units by kind; of a refused parcel every unit counts."""
    units = {row.kind: row.quantity for row in line.discrepancies.all()}
    rest = line.expected - sum(units.values()) if refused else 0
    if rest > 0:
        kind = main_kind(units) if units else REFUSED
        units[kind] = units.get(kind, 0) + rest
    return units


def _author(sign_off: SignOff) -> Actor:
    """The member of staff who recorded it, else the shopper."""
    recorded_by: User | None = sign_off.recorded_by
    return recorded_by or sign_off.order.customer


def _facts(sign_off: SignOff) -> dict[str, str]:
    """Facts for the logbook: no free text, no names."""
    parcel = {"parcel": sign_off.parcel.token} if sign_off.parcel else {}
    return {**parcel, "outcome": sign_off.outcome, "signed_by": sign_off.channel}


def _copies(versions: Sequence[SignOff]) -> Iterator[Evidence]:
    """Copies of the delivery photos of these versions of a sign-off as evidence with files of its own."""
    by = versions[0].recorded_by
    for photo in SignOffPhoto.objects.filter(sign_off__in=versions).order_by("pk"):
        if not photo.is_erased:
            yield from _copy(photo, Evidence(added_by=by, order_line_id=photo.order_line_id))


def _copy(photo: SignOffPhoto, evidence: Evidence) -> Iterator[Evidence]:
    try:
        yield store_copy(evidence, photo)
    except FileNotFoundError:  # a case without one of its pictures is better than none
        logger.exception("The files of photo %s are gone", photo.token)
