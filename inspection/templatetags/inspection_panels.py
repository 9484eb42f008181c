"""Template tags for pages of other apps: verdicts, photos, appraisals."""

from typing import Any

from django import template
from django.urls import reverse

from inspection.models import Photo
from inspection.queries import evidence_of, photos_of_line, records_of, results_of
from returns.models import Case, Evidence, Line

register = template.Library()


@register.inclusion_tag("inspection/desk/_panel.html")
def inspection_panel(case: Case) -> dict[str, Any]:
    """Receipts, appraisals, findings and photos of a case, for the desk."""
    records = records_of(case)
    return {
        "case": case,
        "appraisals": records.appraisals,
        "receipts": records.receipts,
        "inspections": records.inspections,
        "pictures": [picture_values(photo) for photo in records.photos],
    }


@register.inclusion_tag("inspection/portal/_verdict.html")
def verdict_panel(case: Case) -> dict[str, Any]:
    """The verdict with its photos, for the shopper."""
    inspections, photos = results_of(case)
    return {"inspections": inspections, "pictures": [picture_values(photo) for photo in photos if photo.line_id]}


@register.inclusion_tag("inspection/desk/_pictures.html")
def shopper_pictures(line: Line) -> dict[str, Any]:
    """The shopper's pictures of a line."""
    pictures = [_address("returns:evidence", picture) for picture in evidence_of(line)]
    return {"pictures": pictures, "kind": "shopper"}


@register.inclusion_tag("inspection/desk/_pictures.html")
def bench_pictures(line: Line) -> dict[str, Any]:
    """Photos of a line that the bench has taken."""
    return {"pictures": [picture_values(photo) for photo in photos_of_line(line)], "kind": "bench"}


def picture_values(photo: Photo) -> dict[str, str]:
    """URLs of a photo for ``components/pictures.html``."""
    return _address("inspection:photo", photo)


def _address(name: str, picture: Photo | Evidence) -> dict[str, str]:
    return {
        "url": reverse(name, args=[picture.token, "full"]),
        "thumb": reverse(name, args=[picture.token, "thumbnail"]),
    }
