"""The page of a case: how far it is, what comes next, what the shopper can do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from returns.actions import steps_for
from returns.dossier import log_of, read_own
from returns.forms.portal_intake import WISHES
from returns.forms.portal_steps import FORMS
from returns.journey import journey
from returns.models import Case, Line, Statement
from returns.models.reasons import Remedy
from returns.outlook import outlook
from returns.reasons import travels
from returns.timeline import INSIDE
from returns.views.portal.getters import shoppers_case
from returns.views.portal.pictures import shown
from signoff.access import shopper
from signoff.pictures.fields import ACCEPT

Topic = Statement.Topic
OURS = (Topic.QUESTION, Topic.REFUSAL, Topic.OFFER)
MONEY_ONLY = (Remedy.REFUND, Remedy.COMPENSATION)


@shopper
@require_safe
def status(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case, for its shopper."""
    case = shoppers_case(request, number)
    return render(request, "returns/portal/status.html", page_of(case))


def page_of(case: Case) -> dict[str, Any]:
    """The context of the page; ``forms`` holds a fresh form per step that the shopper may take now."""
    read_own(case)
    lines, pictures = list(case.lines.all()), list(case.evidence.all())
    return {
        "case": case,
        "shop": case.shop,
        "outlook": outlook(case.status, case.due_at, now=timezone.now()),
        "journey": _journey(case, lines),
        "forms": {step: FORMS[step]() for step in possible(case) if step in FORMS},
        "rows": [_row(line, pictures) for line in lines],
        "other_pictures": shown(picture for picture in pictures if picture.line_id is None),
        "words": last_words(case),
        "accept": ACCEPT,
    }


def possible(case: Case) -> list[str]:
    """The names of the steps that the shopper may take now."""
    return [step.name for step in steps_for(case, case.customer)]


def last_words(case: Case) -> Statement | None:
    """What the shop said last and the shopper has not answered yet; the timeline holds the whole talk."""
    told = [said for said in sorted(case.statements.all(), key=_place) if said.topic not in INSIDE]
    return told[-1] if told and told[-1].topic in OURS else None


def _place(statement: Statement) -> tuple[int, int]:
    return statement.seq, statement.pk


def _journey(case: Case, lines: list[Line]) -> list[dict[str, Any]]:
    return journey(
        case,
        log_of(case),
        goods_expected=any(travels(line.reason, line.wish) for line in lines),
        money_back=all(line.wish in MONEY_ONLY for line in lines),
    )


def _row(line: Line, pictures: list[Any]) -> dict[str, Any]:
    return {
        "line": line,
        "wish": dict(WISHES).get(line.wish, ""),
        "pictures": shown(picture for picture in pictures if picture.line_id == line.pk),
    }
