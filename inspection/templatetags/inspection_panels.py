"""What this floor shows on pages of others: verdicts, photos, appraisals."""

from typing import Any

from django import template
from django.urls import reverse

from inspection.models import Photo
from returns.models import Case, Evidence, Line

register = template.Library()


@register.inclusion_tag("inspection/desk/_panel.html")
def inspection_panel(case: Case) -> dict[str, Any]:
    """Receipts, appraisals, findings and photos of a case, for the desk."""
    return {
        "case": case,
        "appraisals": case.appraisals.select_related("given_by"),
        "receipts": case.receipts.select_related("received_by", "parcel"),
        "inspections": _concluded(case),
        "pictures": [shown(photo) for photo in case.photos.exclude(file="").order_by("pk")],
    }


@register.inclusion_tag("inspection/portal/_verdict.html")
def verdict_panel(case: Case) -> dict[str, Any]:
    """What the bench found, for the shopper, with its photos."""
    return {
        "inspections": _concluded(case),
        "pictures": [shown(photo) for photo in case.photos.exclude(file="").filter(line__isnull=False).order_by("pk")],
    }


@register.inclusion_tag("inspection/desk/_pictures.html")
def shopper_pictures(line: Line) -> dict[str, Any]:
    """What the shopper showed of a line."""
    evidence = Evidence.objects.filter(case_id=line.case_id, order_line_id=line.order_line_id).exclude(file="")
    return {"pictures": [_address("returns:evidence", picture) for picture in evidence], "kind": "shopper"}


@register.inclusion_tag("inspection/desk/_pictures.html")
def bench_pictures(line: Line) -> dict[str, Any]:
    """Photos of a line that the bench has taken so far."""
    return {"pictures": [shown(photo) for photo in line.photos.exclude(file="").order_by("pk")], "kind": "bench"}


def shown(photo: Photo) -> dict[str, str]:
    """A photo for ``components/pictures.html``."""
    return _address("inspection:photo", photo)


def _address(name: str, picture: Photo | Evidence) -> dict[str, str]:
    return {
        "url": reverse(name, args=[picture.token, "full"]),
        "thumb": reverse(name, args=[picture.token, "thumbnail"]),
    }


def _concluded(case: Case) -> Any:
    return (
        case.inspections.filter(concluded_at__isnull=False)
        .select_related("concluded_by")
        .prefetch_related("findings__line__order_line")
    )
