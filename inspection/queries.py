"""Queries for receipts, inspections, appraisals and photos."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.urls import reverse

from inspection.models import Appraisal, Finding, Inspection, Photo, Receipt, Surplus
from returns.models import Case, Evidence, Line
from returns.permissions import INSPECT
from signoff.db.prepared.batch import QueryBatch, attach_prefetched
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import Parcel
from signoff.web.next_item import key_of


def _results(case: Any) -> tuple[QuerySet, ...]:
    return (
        Inspection.objects.filter(case=case, concluded_at__isnull=False).select_related("concluded_by"),
        Finding.objects.filter(inspection__case=case).select_related("line__order_line", "line__reason"),
        Photo.objects.filter(case=case).exclude(file="").order_by("pk"),
    )


_RESULTS = QueryBatch(_results)
_RECORDS = QueryBatch(
    lambda case: (
        *_results(case),
        Appraisal.objects.filter(case=case).select_related("given_by"),
        Receipt.objects.filter(case=case).select_related("received_by", "parcel"),
        Surplus.objects.filter(case=case).select_related("line__order_line", "decided_by").order_by("pk"),
    )
)
_OPEN = CompiledQuery(lambda case: Inspection.objects.filter(case_id=case, concluded_at=None))
_RETURN_PARCELS = CompiledQuery(
    lambda case: Parcel.objects.filter(cases=case, direction=Parcel.Direction.RETURN).order_by("-pk")
)
_EVIDENCE = CompiledQuery(lambda line: Evidence.objects.filter(line=line).exclude(file="").order_by("pk"))
_FINDINGS = CompiledQuery(
    lambda case: (
        Finding.objects.select_related("line__order_line", "line__reason")
        .filter(
            inspection=Inspection.objects.filter(case_id=case, concluded_at__isnull=False)
            .order_by("-concluded_at")
            .values("pk")[:1]
        )
        .order_by("line__order_line__position", "line_id", "pk")
    )
)
_PHOTOS_OF_CASE = CompiledQuery(lambda case: Photo.objects.filter(case_id=case).order_by("pk"))
_PHOTOS_OF_LINE = CompiledQuery(lambda line: Photo.objects.filter(line=line).exclude(file="").order_by("pk"))


@dataclass(frozen=True)
class Records:
    """All records of the bench about a case; inspections are concluded and have their findings prefetched."""

    inspections: list[Inspection]
    photos: list[Photo]
    appraisals: list[Appraisal]
    receipts: list[Receipt]
    surplus: list[Surplus]


def records_of(case: Case) -> Records:
    """The records of a case for the desk, by one query."""
    inspections, findings, photos, appraisals, receipts, surplus = _RECORDS.all(case.pk)
    attach_prefetched(inspections, "findings", findings, by="inspection_id")
    return Records(inspections, photos, appraisals, receipts, surplus)


def results_of(case: Case) -> tuple[list[Inspection], list[Photo]]:
    """Concluded inspections with prefetched findings, and photos, for the shopper; one query."""
    inspections, findings, photos = _RESULTS.all(case.pk)
    attach_prefetched(inspections, "findings", findings, by="inspection_id")
    return inspections, photos


def findings_of(case: Case) -> list[Finding]:
    """Findings of the inspection that was concluded last, each with its article."""
    return _FINDINGS.all(case.pk)


def open_inspection(case: Case) -> Inspection:
    """The inspection of ``case`` that is not concluded. Raises ``Inspection.DoesNotExist``."""
    return _OPEN.get(case.pk, case=case)


def return_parcel(case: Case) -> Parcel | None:
    """The parcel in which the goods came back, the newest if there are several."""
    return _RETURN_PARCELS.first(case.pk)


def evidence_of(line: Line) -> list[Evidence]:
    """The pictures of the line that came with the first request."""
    return _EVIDENCE.all(line.pk)


def photos_of_case(case: Case) -> list[Photo]:
    """Photos of the case that the bench has taken, oldest first, including those with deleted files."""
    return _PHOTOS_OF_CASE.all(case.pk)


def photos_of_line(line: Line) -> list[Photo]:
    """Photos of the line that the bench has taken, oldest first."""
    return _PHOTOS_OF_LINE.all(line.pk)


def next_at_the_bench(user: User, done: object) -> str:
    """The page of the goods that are due first to be inspected or appraised; "" when there are none."""
    pages = {Case.Status.RECEIVED: "inspection:inspect", Case.Status.IN_APPRAISAL: "inspection:record_appraisal"}
    cases = Case.objects.visible_to(user).filter(status__in=pages).exclude(pk=key_of(done))
    case = cases.order_by("due_at", "id").first() if user.has_perm(INSPECT) else None
    return reverse(pages[case.status], args=[case.number]) if case else ""
