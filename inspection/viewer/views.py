"""The page of the viewer. Each picture, each pair and each way to the next one has an address of its own."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inspection.viewer.queries import BENCH, SHOPPER, SIGN_OFF, Shot, shot_of_other, shots_of
from returns.case_page.queries import find_case
from returns.models import Case
from signoff.web.access import staff
from signoff.web.requests import StaffRequest

VIEW = "returns.view_case"


@staff(VIEW)
@require_safe
def evidence(request: StaffRequest, number: str) -> HttpResponse:
    """``left`` and ``right`` are tokens of pictures; without ``right`` one picture fills the page."""
    case = find_case(request.user, number)
    shots = shots_of(case, user=request.user)
    if not shots:
        return redirect(case)
    ours = {shot.token: shot for shot in shots}
    beside = {str(row.picture.token): shot_of_other(row) for shot in shots for row in shot.lookalikes}
    left = ours.get(request.GET.get("left", ""), shots[0])
    right = (beside | ours).get(request.GET.get("right", ""))
    if right is None and "left" not in request.GET and left.source != BENCH:
        right = next((shot for shot in shots if shot.source == BENCH), None)
    context = {
        "case": case,
        "left": left,
        "right": right,
        "panes": [pane for pane in (left, right) if pane],
        "one_url": _url(case, left, None),
        "both_url": _url(case, left, right or _partner(left, shots)),
        "film": _film(case, shots, left, right),
        "flag": _flag(case, left, right),
        "steps": _steps(case, shots, left, right),
    }
    return render(request, "inspection/desk/evidence.html", context)


def _url(case: Case, left: Shot, right: Shot | None) -> str:
    query = {"left": left.token} | ({"right": right.token} if right else {})
    return reverse("inspection:evidence", args=[case.number], query=query)


def _partner(left: Shot, shots: Sequence[Shot]) -> Shot | None:
    """What to put beside ``left``: a picture of the other side, else the next one."""
    other = SHOPPER if left.source == BENCH else BENCH
    rest = [shot for shot in shots if shot.token != left.token]
    return next((shot for shot in rest if shot.source == other), rest[0] if rest else None)


def _film(case: Case, shots: Sequence[Shot], left: Shot, right: Shot | None) -> list[dict[str, Any]]:
    """The strips by source: a picture of the bench opens on the right where two are shown, others on the left."""
    titles = {SHOPPER: _("Shopper"), SIGN_OFF: _("Sign-off"), BENCH: _("Bench")}
    strips = []
    for source, title in titles.items():
        found = [shot for shot in shots if shot.source == source]
        items = [
            {
                "shot": shot,
                "url": _url(case, left, shot) if right and source == BENCH else _url(case, shot, right),
                "shown": shot.token in {left.token, right.token if right else ""},
            }
            for shot in found
        ]
        if items:
            strips.append({"title": title, "items": items})
    return strips


def _flag(case: Case, left: Shot, right: Shot | None) -> dict[str, Any] | None:
    """What the left picture looks like in another case, and the address that puts both beside each other."""
    if not left.lookalikes:
        return None
    row = left.lookalikes[0]
    other = shot_of_other(row)
    compared = right is not None and right.token == other.token
    return {"row": row, "other": other, "url": _url(case, left, other), "compared": compared}


def _steps(case: Case, shots: Sequence[Shot], left: Shot, right: Shot | None) -> list[dict[str, str]]:
    """Links to the next pictures, each with its key."""
    steps = []
    for keys, shown in ((("ArrowLeft", "ArrowRight"), left), (("ArrowUp", "ArrowDown"), right)):
        row = [shot for shot in shots if shown and shot.source == shown.source]
        if shown is None or len(row) < 2:
            continue
        for key, step, label in zip(keys, (-1, 1), (_("Previous picture"), _("Next picture")), strict=True):
            following = row[(shown.place - 1 + step) % len(row)]
            url = _url(case, following, right) if shown is left else _url(case, left, following)
            steps.append({"key": key, "url": url, "label": label})
    return steps
