"""Deliveries and cases: what a case was opened from, and which case a sign-off or a parcel exception has led to."""

from collections.abc import Collection
from dataclasses import dataclass, field

from returns.case_page.queries import read_origin
from returns.models import Case, CaseOrigin
from signoff.models import Discrepancy, ParcelException, SignOff, SignOffLine, SignOffNote

OPENED_AUTOMATICALLY = (Case.Channel.SIGN_OFF, Case.Channel.CARRIER)


@dataclass(frozen=True)
class Origin:
    """What a case was opened from: a parcel exception, or the current version of a sign-off with its lines and notes.

    ``corrected``: the case was opened from an earlier version.
    """

    exception: ParcelException | None = None
    sign_off: SignOff | None = None
    lines: list[SignOffLine] = field(default_factory=list)
    notes: list[SignOffNote] = field(default_factory=list)
    corrected: bool = False


def find_origin(case: Case) -> Origin | None:
    """The origin of a case that opened automatically, in one query; None for a case that somebody asked for."""
    if case.channel not in OPENED_AUTOMATICALLY:
        return None
    origins, sign_offs, lines, notes = read_origin(case)
    if not origins:
        return None
    (origin,) = origins
    current = next(iter(sign_offs), None)
    corrected = current is not None and current.pk != origin.sign_off_id
    return Origin(origin.exception, current, lines, notes, corrected)


def case_of(sign_off: SignOff) -> Case | None:
    """The case that this sign-off, or one that it corrects, has opened; else the newest case with the same goods.

    None while the sweep has not processed it, and where nothing was wrong.
    """
    chain = {"sign_off__order": sign_off.order_id, "sign_off__parcel": sign_off.parcel_id}
    origins = list(CaseOrigin.objects.filter(**chain).select_related("case").order_by("-pk"))
    opened = next((origin.case for origin in origins if origin.case), None)
    if opened or all(origin.sign_off_id != sign_off.pk for origin in origins):
        return opened
    wrong = Discrepancy.objects.filter(line__sign_off=sign_off).values("line__order_line")
    held = Case.objects.filter(order=sign_off.order_id, lines__holds=True, lines__order_line__in=wrong)
    return held.order_by("-pk").first()


def cases_by_exception(exceptions: Collection[ParcelException]) -> dict[int, Case]:
    """Exception's key → the case it has opened, or the one that its parcel belongs to; two queries for all."""
    parcels = {exception.parcel_id for exception in exceptions}
    sent = Case.parcels.through.objects.filter(parcel__in=parcels).select_related("case").order_by("pk")
    by_parcel = {link.parcel_id: link.case for link in sent}
    origins = CaseOrigin.objects.filter(exception__parcel__in=parcels).select_related("case").order_by("pk")
    opened = {origin.exception_id: origin.case for origin in origins if origin.case}
    cases = {row.pk: opened.get(row.pk) or by_parcel.get(row.parcel_id) for row in exceptions}
    return {key: case for key, case in cases.items() if case}
