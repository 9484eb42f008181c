"""Template tags for pages of other apps: verdicts, photos, appraisals."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from inspection.models import Inspection, Photo
from inspection.queries import evidence_of, photos_of_line, records_of, results_of
from returns.models import Case, Evidence, Line
from returns.permissions import REVIEW

register = template.Library()


@register.inclusion_tag("inspection/desk/_panel.html", takes_context=True)
def inspection_panel(context: Context, case: Case, bench: dict[str, Any] | None = None) -> dict[str, Any]:
    """Receipts, appraisals, findings and photos of a case, for the desk; ``bench`` are its ``bench_records``.

    ``may_decide``: whether the reader decides what becomes of surplus units.
    """
    records = bench or bench_records(case)
    may_decide = context["user"].has_perm(REVIEW)
    return records | {"may_decide": may_decide, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def bench_records(case: Case) -> dict[str, Any]:
    """``{% bench_records case as bench %}``: what ``inspection_panel`` shows, and ``differing`` of ``_differs.html``.

    One query for a page that shows both; ``pictures`` are those that belong to no finding.
    """
    records = records_of(case)
    shown = {finding.line_id for inspection in records.inspections for finding in inspection.findings.all()}
    last = max(records.inspections, key=lambda inspection: inspection.pk, default=None)
    return {
        "case": case,
        "appraisals": records.appraisals,
        "receipts": records.receipts,
        "inspections": records.inspections,
        "photos": records.photos,
        "surplus": records.surplus,
        "pictures": [picture_values(photo) for photo in records.photos if photo.line_id not in shown],
        "differing": [finding for finding in last.findings.all() if finding.differs] if last else [],
    }


@register.filter
def findings_by_line(inspection: Inspection, photos: Sequence[Photo]) -> list[dict[str, Any]]:
    """The findings of an inspection, those of one line together with the photos of it."""
    groups: dict[int, dict[str, Any]] = {}
    for finding in inspection.findings.all():
        article = finding.line.order_line
        taken = [photo for photo in photos if photo.line_id == finding.line_id and _is_of(photo, inspection)]
        empty = {"title": article.title or article.sku, "findings": [], "pictures": list(map(picture_values, taken))}
        groups.setdefault(finding.line_id, empty)["findings"].append(finding)
    return list(groups.values())


def _is_of(photo: Photo, inspection: Inspection) -> bool:
    """A photo taken after the inspection belongs to none and is shown with all."""
    return photo.inspection_id in (None, inspection.pk)


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
