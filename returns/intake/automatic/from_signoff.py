"""From a sign-off that found something wrong to its case, once, the photos of the delivery as evidence."""

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.utils import timezone

from returns.intake.automatic.line_faults import Fault, open_case_for_faults, shops_with_reasons, tell_cases
from returns.intake.reason_mapping import REFUSED, main_kind
from returns.lifecycle.sweep import each
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.logbook.digests import pinned_sign_off
from returns.logbook.locks import lock_case
from returns.logbook.writer import Actor, note
from returns.models import Case, CaseOrigin, Evidence
from signoff.models import SignOff, SignOffLine, SignOffPhoto
from signoff.pictures.store import store_copy

logger = logging.getLogger(__name__)
Outcome = SignOff.Outcome


def open_from_sign_offs(now: datetime | None = None) -> int:
    """Open the case of every sign-off that asks for one, each in its own transaction; returns how many were seen to.

    Of a chain of corrections only the newest counts. Where a case is open since before the correction, it is told.
    """
    deed = partial(_process_sign_off, now=now or timezone.now())
    return each("sign-off", _waiting(), deed, refusals=(ExceedsOrdered,))


def _waiting() -> list[int]:
    """Keys of the sign-offs that ask for a case and have not been seen to; first the few, then their shops."""
    unseen = list(SignOff.objects.with_consequences().filter(case_origin=None).values_list("pk", flat=True))
    ready = SignOff.objects.filter(pk__in=unseen, order__shop__in=shops_with_reasons())
    return list(ready.order_by("pk").values_list("pk", flat=True)) if unseen else []


def _process_sign_off(key: int, *, now: datetime) -> bool:
    """False where another sweep has it, or had it, and where it does not stand any more."""
    found = SignOff.objects.select_related("order__customer", "order__shop", "parcel", "recorded_by")
    sign_off = found.select_for_update(skip_locked=True, no_key=True, of=["self"]).filter(pk=key).first()
    if sign_off is None or CaseOrigin.objects.filter(sign_off=key).exists():
        return False
    case, stands = None, not SignOff.objects.filter(corrects=key).exists()
    if stands and not _told_of_correction(sign_off, now=now):
        case = _case_about(sign_off, now=now)
    CaseOrigin.objects.create(sign_off=sign_off, case=case)
    return stands


def _told_of_correction(sign_off: SignOff, *, now: datetime) -> bool:
    """Whether a sign-off that this one corrects has opened a case, which now knows."""
    for earlier in _corrected(sign_off):
        case = Case.objects.filter(origin__sign_off=earlier).first()
        if case and case.status != Case.Status.CLOSED:
            pinned = pinned_sign_off(sign_off)
            note(
                lock_case(case),
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
    pinned, photos = pinned_sign_off(sign_off), _copies(sign_off)
    case = open_case_for_faults(
        sign_off.order,
        faults,
        by=_who(sign_off),
        channel=Case.Channel.SIGN_OFF,
        now=now,
        pictures=photos,
        digests=pinned,
        **facts,
    )
    if case is None:
        tell_cases(sign_off.parcel, faults, "sign_off_told", now=now, digests=pinned, **facts)
    return case


def faults_of(sign_off: SignOff) -> list[Fault]:
    """What is wrong with it, line by line; what was said of the whole parcel is told with the first."""
    faults = []
    said = [note.words for note in sign_off.notes.filter(line=None).order_by("pk")]
    for line in sign_off.lines.prefetch_related("discrepancies", "notes"):
        if units := _units(line, refused=sign_off.outcome == Outcome.REFUSED):
            said += [note.words for note in line.notes.all()]
            faults.append(Fault(line.order_line_id, units, words="\n\n".join(filter(str.strip, said))))
            said = []
    return faults


def _units(line: SignOffLine, *, refused: bool) -> Mapping[str, int]:
    """Units by kind; of what was refused at the door every unit counts."""
    units = {found.kind: found.quantity for found in line.discrepancies.all()}
    rest = line.expected - sum(units.values()) if refused else 0
    if rest > 0:
        kind = main_kind(units) if units else REFUSED
        units[kind] = units.get(kind, 0) + rest
    return units


def _who(sign_off: SignOff) -> Actor:
    """Who asked: the member of staff who wrote it down, else the shopper."""
    by: User | None = sign_off.recorded_by
    return by or sign_off.order.customer


def _facts(sign_off: SignOff) -> dict[str, str]:
    """What the logbook keeps of it: no words, no names."""
    parcel = {"parcel": sign_off.parcel.token} if sign_off.parcel else {}
    return {**parcel, "outcome": sign_off.outcome, "signed_by": sign_off.channel}


def _copies(sign_off: SignOff) -> Iterator[Evidence]:
    """The photos of the delivery, those of what was corrected too, as evidence with files of their own."""
    for photo in SignOffPhoto.objects.filter(sign_off__in=[sign_off, *_corrected(sign_off)]).order_by("pk"):
        if not photo.is_erased:
            yield from _copy(photo, Evidence(added_by=sign_off.recorded_by, order_line_id=photo.order_line_id))


def _copy(photo: SignOffPhoto, evidence: Evidence) -> Iterator[Evidence]:
    try:
        yield store_copy(evidence, photo)
    except FileNotFoundError:  # a case without one of its pictures is better than none
        logger.exception("The files of photo %s are gone", photo.token)
