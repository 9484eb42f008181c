"""The case page: everything known about one case, and what can be done now."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_fsm import TransitionNotAllowed

from returns.actions import paid_for, steps_for
from returns.actions.taking import hand_back, take
from returns.desk_case import find_case
from returns.deskwork import address_of
from returns.dossier import open_dossier
from returns.lines import lines_with_articles
from returns.models import Case, Evidence, Line
from returns.models.queues import rights_to
from signoff.access import staff
from signoff.conflict import conflict
from signoff.together import is_laid_out

TONES = {"primary": "primary", "danger": "outline-danger"}


@staff("returns.view_case")
@require_safe
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case; the other floors' panels are tags of the template."""
    case = find_case(request.user, number)
    dossier = open_dossier(case)
    lines = lines_of(case)
    return render(
        request,
        "returns/desk/case.html",
        {
            "case": case,
            "order": case.order,
            "lines": lines,
            "pictures": pictures_of(case),
            "statements": case.statements.all(),
            **dossier,
            "buttons": buttons_for(case, request.user, lines),
            "may_take": any(map(request.user.has_perm, rights_to(case.status))),
        },
    )


@staff("returns.view_case")
@require_POST
def take_case(request: HttpRequest, number: str) -> HttpResponse:
    """Make it mine."""
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    try:
        take(case, by=request.user)
    except TransitionNotAllowed as refusal:
        return conflict(request, str(refusal), back=case.get_absolute_url())
    messages.success(request, _("Case %(number)s is yours.") % {"number": number})
    return redirect(case)


@staff("returns.view_case")
@require_POST
def hand_case_back(request: HttpRequest, number: str) -> HttpResponse:
    """Let somebody else have it."""
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    try:
        hand_back(case, by=request.user)
    except TransitionNotAllowed as refusal:
        return conflict(request, str(refusal), back=case.get_absolute_url())
    messages.success(request, _("Case %(number)s can be taken by anybody again.") % {"number": number})
    return redirect(case)


def lines_of(case: Case) -> list[Line]:
    """The lines with ``paid``, what the units asked for cost the shopper."""
    lines = list(case.lines.all()) if is_laid_out(case, "lines") else lines_with_articles(case)
    for line in lines:
        line.order_line.order = case.order
        line.paid = paid_for(line.order_line, line.units)
    return lines


def pictures_of(case: Case) -> list[dict[str, Any]]:
    """The evidence, laid out before, for ``components/pictures.html``; what was erased is left out."""
    return [_picture(evidence) for evidence in case.evidence.all() if evidence.file]


def buttons_for(case: Case, user: User, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What the state machine lets ``user`` do now: the main step first, dangerous ones last, no label twice."""
    order = {"primary": 0, "danger": 2}
    steps = sorted(steps_for(case, user), key=lambda step: order.get(step.custom.get("tone"), 1))
    skipped = "send_back" if any(line.received for line in lines) else "send_back_to_bench"
    found = {step.custom["label"]: step for step in reversed(steps) if step.name != skipped}
    return [
        {
            "label": step.custom["label"],
            "url": address_of(case, step.name),
            "tone": TONES.get(step.custom.get("tone"), "outline-secondary"),
        }
        for step in reversed(found.values())
    ]


def _picture(evidence: Evidence) -> dict[str, Any]:
    article = evidence.line.order_line if evidence.line else None
    return {
        "url": reverse("returns:evidence", args=[evidence.token, "full"]),
        "thumb": reverse("returns:evidence", args=[evidence.token, "thumbnail"]),
        "alt": _("Picture of %(article)s") % {"article": article.title or article.sku} if article else "",
    }
