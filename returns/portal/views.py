"""The page of a case: how far it is, what comes next, what the shopper can do."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_fsm import TransitionNotAllowed

from returns.intake.access import own_case, shoppers_case
from returns.intake.drafts import attach
from returns.intake.forms import WISH_LABELS
from returns.intake.reasons import travels
from returns.lifecycle.actions import steps_for
from returns.lifecycle.queries import prefetch_case
from returns.logbook.queries import log_of
from returns.logbook.timeline import INSIDE, TimelineEntry, timeline_of
from returns.models import Case, Draft, Line, Statement
from returns.models.reasons import Remedy
from returns.portal import actions
from returns.portal.forms import FORMS, StepForm
from returns.portal.next_step import next_step
from returns.portal.pictures import shown
from returns.portal.stepper import shopper_steps
from signoff.lookup.access import shopper
from signoff.pictures.clean import FORM_MAX, clean_each
from signoff.pictures.fields import ACCEPT
from signoff.pictures.storage import StorageFull
from signoff.web.form_handling import handle_form, show_form_error
from signoff.web.uploads import takes

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
    prefetch_case(case)
    lines, pictures = list(case.lines.all()), list(case.evidence.all())
    return {
        "case": case,
        "shop": case.shop,
        "next_step": next_step(case.status, case.due_at, zone=case.shop.time_zone, now=timezone.now()),
        "stepper": _stepper(case, lines),
        "forms": {step: FORMS[step]() for step in possible(case) if step in FORMS},
        "rows": [_row(line, pictures) for line in lines],
        "other_pictures": shown(picture for picture in pictures if picture.line_id is None),
        "words": last_words(case),
        "accept": ACCEPT,
    }


def possible(case: Case) -> list[str]:
    """The names of the steps that the shopper may take now."""
    over = not actions.is_within_window(case, now=timezone.now())
    return [step.name for step in steps_for(case, case.customer) if not (over and step.name == "reopen")]


def last_words(case: Case) -> Statement | None:
    """The shop's last statement, unless the shopper has answered it; the timeline has all of them."""
    statements = [row for row in sorted(case.statements.all(), key=_position) if row.topic not in INSIDE]
    return statements[-1] if statements and statements[-1].topic in OURS else None


def _position(statement: Statement) -> tuple[int, int]:
    return statement.seq, statement.pk


def _stepper(case: Case, lines: list[Line]) -> list[dict[str, Any]]:
    return shopper_steps(
        case,
        log_of(case),
        goods_expected=any(travels(line.reason, line.wish) for line in lines),
        money_back=all(line.wish in MONEY_ONLY for line in lines),
    )


def _row(line: Line, pictures: list[Any]) -> dict[str, Any]:
    return {
        "line": line,
        "wish": WISH_LABELS.get(line.wish, ""),
        "pictures": shown(picture for picture in pictures if picture.line_id == line.pk),
    }


ACTIONS: dict[str, Callable[..., Case]] = {
    "supply_information": actions.supply_information,
    "appeal": actions.appeal,
    "reopen": actions.reopen,
    "ship": actions.ship,
    "cancel": actions.cancel,
}
DONE = {
    "supply_information": _("Thank you. We've received your reply."),
    "appeal": _("We've received your appeal and will review your request again."),
    "reopen": _("Thank you. We've reopened your request and will look at it again."),
    "ship": _("Thank you. You'll see here when the parcel arrives."),
    "cancel": _("Your request is cancelled."),
}


@takes(FORM_MAX)
@shopper
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """The page of one step; the status page has the same form."""
    case = own_case(request, number)
    if request.method == "POST":
        return _take(request, case, step)
    if step not in possible(case):
        return redirect("returns:status", case.number)
    return _page(request, case, step, FORMS[step](), None, None)


def _take(request: HttpRequest, case: Case, step: str) -> HttpResponse:
    held = _held(case, request.POST.get("held", ""))
    form, photos = _form(request, step, held)

    def page(changed: Sequence[TimelineEntry] | None = None) -> HttpResponse:
        """The form once more; its photos are kept for the next try."""
        draft = held
        if photos.get("pictures"):
            draft = held or Draft.objects.create(order_id=case.order_id, data={"case": case.number, "step": step})
            attach(draft, line=None, pictures=photos["pictures"])
        return _page(request, own_case(request, case.number), step, form, draft, changed)

    def show_what_changed(refusal: TransitionNotAllowed) -> HttpResponse:
        seen = form.cleaned_data["seen"]
        form.add_error(None, str(refusal))
        return page(timeline_of(case, audience="shopper", after=seen))

    return handle_form(
        request,
        form,
        page=page,
        action=partial(ACTIONS[step], case, by=case.customer, **photos),
        done=DONE[step],
        next_page=reverse("returns:status", args=[case.number]),
        refusals={TransitionNotAllowed: show_what_changed, StorageFull: show_form_error(form, page)},
    )


def _held(case: Case, token: str) -> Draft | None:
    """Photos kept from an earlier attempt that was refused."""
    if not token:
        return None
    return next((draft for draft in Draft.objects.filter(data__case=case.number) if draft.token == token), None)


def _form(request: HttpRequest, step: str, held: Draft | None) -> tuple[StepForm, dict[str, Any]]:
    """The bound form, and what the action gets besides its fields."""
    if not FORMS[step].shows:
        return FORMS[step](request.POST), {}
    already = held.evidence.count() if held else 0
    pictures, refusals = clean_each(request.FILES.getlist("photos"), existing=already)
    form = FORMS[step](request.POST, pictures=already + len(pictures))
    if refusals:
        form.add_error(None, refusals)
    return form, {"pictures": pictures, "held": held}


def _page(
    request: HttpRequest,
    case: Case,
    step: str,
    form: StepForm,
    held: Draft | None,
    changed: Sequence[TimelineEntry] | None,
) -> HttpResponse:
    """``changed``: what has happened since the form was rendered, where the action was refused for that; else None."""
    context = {
        "case": case,
        "shop": case.shop,
        "step": step,
        "form": form,
        "possible": step in possible(case),
        "held": held,
        "held_pictures": shown(held.evidence.order_by("id")) if held else [],
        "words": last_words(case),
        "accept": ACCEPT,
        "changed": changed,
    }
    stale = form.is_bound and (changed is not None or not context["possible"])
    return render(request, "returns/portal/step.html", context, status=409 if stale else 200)
