"""What this floor shows on pages of others: verdicts, photos, appraisals."""

from typing import Any

from django import template
from django.db.models import QuerySet
from django.urls import reverse

from inspection.models import Appraisal, Finding, Inspection, Photo, Receipt
from returns.models import Case, Evidence, Line
from signoff.db.prepared.batch import QueryBatch, attach_prefetched
from signoff.db.prepared.compiled import CompiledQuery

register = template.Library()


def _found(case: Any) -> tuple[QuerySet, ...]:
    return (
        Inspection.objects.filter(case=case, concluded_at__isnull=False).select_related("concluded_by"),
        Finding.objects.filter(inspection__case=case).select_related("line__order_line"),
        Photo.objects.filter(case=case).exclude(file="").order_by("pk"),
    )


_FOR_THE_SHOPPER = QueryBatch(_found)
_FOR_THE_DESK = QueryBatch(
    lambda case: (
        *_found(case),
        Appraisal.objects.filter(case=case).select_related("given_by"),
        Receipt.objects.filter(case=case).select_related("received_by", "parcel"),
    )
)
_SHOWN = CompiledQuery(
    lambda case, order_line: Evidence.objects.filter(case=case, order_line=order_line).exclude(file="")
)
_TAKEN = CompiledQuery(lambda line: Photo.objects.filter(line=line).exclude(file="").order_by("pk"))


@register.inclusion_tag("inspection/desk/_panel.html")
def inspection_panel(case: Case) -> dict[str, Any]:
    """Receipts, appraisals, findings and photos of a case, for the desk."""
    inspections, photos, appraisals, receipts = _read(_FOR_THE_DESK, case)
    return {
        "case": case,
        "appraisals": appraisals,
        "receipts": receipts,
        "inspections": inspections,
        "pictures": [shown(photo) for photo in photos],
    }


@register.inclusion_tag("inspection/portal/_verdict.html")
def verdict_panel(case: Case) -> dict[str, Any]:
    """What the bench found, for the shopper, with its photos."""
    inspections, photos = _read(_FOR_THE_SHOPPER, case)
    return {"inspections": inspections, "pictures": [shown(photo) for photo in photos if photo.line_id]}


@register.inclusion_tag("inspection/desk/_pictures.html")
def shopper_pictures(line: Line) -> dict[str, Any]:
    """What the shopper showed of a line."""
    evidence = _SHOWN.all(line.case_id, line.order_line_id)
    return {"pictures": [_address("returns:evidence", picture) for picture in evidence], "kind": "shopper"}


@register.inclusion_tag("inspection/desk/_pictures.html")
def bench_pictures(line: Line) -> dict[str, Any]:
    """Photos of a line that the bench has taken so far."""
    return {"pictures": [shown(photo) for photo in _TAKEN.all(line.pk)], "kind": "bench"}


def shown(photo: Photo) -> dict[str, str]:
    """A photo for ``components/pictures.html``."""
    return _address("inspection:photo", photo)


def _address(name: str, picture: Photo | Evidence) -> dict[str, str]:
    return {
        "url": reverse(name, args=[picture.token, "full"]),
        "thumb": reverse(name, args=[picture.token, "thumbnail"]),
    }


def _read(question: QueryBatch, case: Case) -> list[list[Any]]:
    """Concluded inspections with their findings, photos, and what else the question is about."""
    inspections, findings, *rest = question.all(case.pk)
    attach_prefetched(inspections, "findings", findings, by="inspection_id")
    return [inspections, *rest]
