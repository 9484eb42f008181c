"""The lifecycle diagram, with the number of cases in each state."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from returns.lifecycle.diagram.drawing import draw
from returns.lifecycle.diagram.steps import steps
from returns.models import Case
from signoff.db.counts import capped_label
from signoff.web.access import staff


@staff("returns.view_case")
@require_safe
def lifecycle(request: HttpRequest) -> HttpResponse:
    """The diagram, and the same as a table for people who cannot see it."""
    counted = Case.objects.visible_to(request.user).counts_by_status(Case.Status.values)
    counts = {status: capped_label(count) for status, count in counted.items()}
    picture = draw(counts)
    transitions = {status: list(group) for status, group in groupby(steps(), key=lambda step: step.source)}
    rows = [
        {
            "status": status,
            "label": Case.Status(status).label,
            "count": counts[status],
            "steps": [(step, Case.Status(step.target).label) for step in transitions.get(status, [])],
        }
        for status in Case.Status.values
    ]
    return render(
        request, "returns/desk/lifecycle.html", {"picture": picture, "half": picture.box_width // 2, "rows": rows}
    )
