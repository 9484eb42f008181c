"""The case page: everything known about one case, and what can be done now."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_fsm import TransitionNotAllowed, can_proceed, has_transition_perm

from returns.case_page.desk_steps import STEPS, address_of
from returns.case_page.forms import StepForm
from returns.case_page.queries import find_case
from returns.intake.actions import paid_for
from returns.lifecycle.actions import steps_for
from returns.lifecycle.queries import prefetch_case, prefetch_for_desk, prefetched_lines
from returns.lifecycle.states import rights_to
from returns.logbook.queries import log_of
from returns.logbook.timeline import timeline_of
from returns.models import Case, Line
from returns.review.assignment import hand_back, take
from signoff.pictures.clean import FORM_MAX
from signoff.pictures.storage import StorageFull
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, run_action, show_conflict, show_form_error
from signoff.web.requests import StaffRequest
from signoff.web.uploads import takes

#: keys that press the button of a step, on the case page
KEYS = {"request_information": "a", "supply_information": "a", "propose": "p"}
TONES = {"": "outline-secondary", "primary": "primary", "danger": "outline-danger"}


@staff("returns.view_case")
@require_safe
def case_page(request: StaffRequest, number: str) -> HttpResponse:
    """Everything about one case; panels of the other apps are template tags."""
    case = find_case(request.user, number)
    related = prefetch_for_desk(case, user=request.user)
    lines = lines_of(case)
    return render(
        request,
        "returns/desk/case.html",
        {
            "case": case,
            "order": case.order,
            "lines": lines,
            "statements": case.statements.all(),
            **related,
            "buttons": buttons_for(case, request.user, lines),
            "may_take": any(map(request.user.has_perm, rights_to(case.status))),
        },
    )


@staff("returns.view_case")
@require_POST
def take_case(request: StaffRequest, number: str) -> HttpResponse:
    """Make the signed-in user the owner."""
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    return run_action(
        request,
        partial(take, case, by=request.user),
        done=_("You've taken case %(number)s.") % {"number": number},
        next_page=case.get_absolute_url(),
        refusals={TransitionNotAllowed: show_conflict(request, back=case.get_absolute_url())},
    )


@staff("returns.view_case")
@require_POST
def hand_case_back(request: StaffRequest, number: str) -> HttpResponse:
    """Remove the owner, so that anybody can take the case."""
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    return run_action(
        request,
        partial(hand_back, case, by=request.user),
        done=_("Case %(number)s handed back. Anyone can take it.") % {"number": number},
        next_page=case.get_absolute_url(),
        refusals={TransitionNotAllowed: show_conflict(request, back=case.get_absolute_url())},
    )


def lines_of(case: Case) -> list[Line]:
    """The lines with ``paid``, what the requested units cost the shopper."""
    lines = prefetched_lines(case)
    for line in lines:
        line.order_line.order = case.order
        line.paid = paid_for(line.order_line, line.units)
    return lines


def buttons_for(case: Case, user: User, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What the state machine lets ``user`` do now: the main step first, dangerous ones last, no label twice.

    Those of one tone follow the order of the states that they lead to.
    """
    order, states = {"primary": 0, "danger": 2}, Case.Status.values
    steps = sorted(
        steps_for(case, user), key=lambda step: (order.get(step.custom.get("tone"), 1), states.index(step.target))
    )
    here = any(line.received for line in lines)
    skipped = {"send_back", "take_back"} if here else {"send_back_to_bench", "take_back_to_bench"}
    if not is_open_plan_of(case, user):
        skipped |= {"take_back", "take_back_to_bench"}
    by_label = {step.custom["label"]: step for step in reversed(steps) if step.name not in skipped}
    buttons = [
        {
            "label": step.custom["label"],
            "url": address_of(case, step.name),
            "key": KEYS.get(step.name, ""),
            "tone": TONES[step.custom.get("tone", "")],
        }
        for step in reversed(by_label.values())
    ]
    if any(step.name == "propose" for step in steps):  # a counter-offer is proposed like a plan, on a page of its own
        buttons.insert(
            1, {"label": _("Make counter-offer"), "url": address_of(case, "offer"), "key": "", "tone": TONES[""]}
        )
    return buttons


def is_open_plan_of(case: Case, user: User) -> bool:
    """Whether ``user`` has proposed the plan that waits, and nobody has approved it, as the logbook says."""
    for entry in reversed(log_of(case)):
        if entry.verb == "approve":
            return False
        if entry.verb == "propose":
            return entry.by_id == user.pk
    return False


@takes(FORM_MAX)
def step(request: HttpRequest, number: str, *, name: str) -> HttpResponse:
    """Take the step ``name``. A form that was rendered from an older version is shown again with what changed."""
    case = find_case(request.user, number)
    if request.method == "POST":
        return _take(request, case, name)
    if not can_proceed(getattr(case, name)):
        messages.error(request, _not_now(case, name))
        return redirect(case)
    if not has_transition_perm(getattr(case, name), request.user):
        raise PermissionDenied
    if not _is_here(case, name):
        return redirect(address_of(case, name))
    return _page(request, case, name, STEPS[name].form(initial={"seen": case.seq}))


def _take(request: HttpRequest, case: Case, name: str) -> HttpResponse:
    form = STEPS[name].form(request.POST, request.FILES)
    return handle_form(
        request,
        form,
        page=lambda: _page(request, case, name, form),
        action=partial(STEPS[name].action, case, by=request.user),
        done=STEPS[name].done,
        next_page=case.get_absolute_url(),
        refusals={
            TransitionNotAllowed: lambda refusal: _too_late(request, case, name, form, str(refusal)),
            StorageFull: show_form_error(form, lambda: _page(request, case, name, form)),
        },
    )


def _too_late(request: HttpRequest, case: Case, name: str, form: StepForm, refusal: str) -> HttpResponse:
    case = Case.objects.with_people().get(pk=case.pk)
    changed = timeline_of(case, audience="desk", after=form.cleaned_data["seen"])
    form.redraw(case.seq)
    return _page(request, case, name, form, refusal=refusal, changed=changed, status=HTTPStatus.CONFLICT)


def _page(
    request: HttpRequest, case: Case, name: str, form: StepForm, *, status: int = HTTPStatus.OK, **extra: object
) -> HttpResponse:
    bound = getattr(case, name)
    prefetch_case(case)
    context = {
        "case": case,
        "form": form,
        "step": STEPS[name],
        "label": label_of(name),
        "possible": can_proceed(bound) and has_transition_perm(bound, request.user) and _is_here(case, name),
        "lines": lines_of(case),
        "statements": case.statements.all(),
        **extra,
    }
    return render(request, "returns/desk/step.html", context, status=status)


def _is_here(case: Case, name: str) -> bool:
    return address_of(case, name) == reverse(f"returns:{name}", args=[case.number])


def label_of(name: str) -> str:
    """What the transition's button says."""
    transitions = Case._meta.get_field("status").get_all_transitions(Case)
    return str(next(transition.custom["label"] for transition in transitions if transition.name == name))


def _not_now(case: Case, name: str) -> str:
    return _("You can't use “%(step)s” while the case is “%(status)s”.") % {
        "step": label_of(name),
        "status": case.get_status_display(),
    }
