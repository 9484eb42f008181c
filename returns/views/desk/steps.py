"""A page for each step of this floor: a small form, and what to know while filling it in."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed, can_proceed, has_transition_perm

from returns.desk_case import find_case
from returns.deskwork import STEPS, address_of
from returns.forms.desk_steps import StepForm
from returns.models import Case
from returns.timeline import told
from returns.views.desk.case import lines_of


def step(request: HttpRequest, number: str, *, name: str) -> HttpResponse:
    """Take the step ``name``. Whoever acted on an older version sees what changed and keeps what was typed."""
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
    if not form.is_valid():
        return _page(request, case, name, form)
    try:
        STEPS[name].deed(case, by=request.user, **form.cleaned_data)
    except TransitionNotAllowed as refusal:
        return _too_late(request, case, name, form, str(refusal))
    messages.success(request, STEPS[name].done)
    return redirect(case)


def _too_late(request: HttpRequest, case: Case, name: str, form: StepForm, refusal: str) -> HttpResponse:
    case = Case.objects.with_people().get(pk=case.pk)
    changed = told(case, audience="desk", after=form.cleaned_data["seen"])
    form.redraw(case.seq)
    return _page(request, case, name, form, refusal=refusal, changed=changed, status=HTTPStatus.CONFLICT)


def _page(
    request: HttpRequest, case: Case, name: str, form: StepForm, *, status: int = HTTPStatus.OK, **more: object
) -> HttpResponse:
    bound = getattr(case, name)
    context = {
        "case": case,
        "form": form,
        "step": STEPS[name],
        "label": label_of(name),
        "possible": can_proceed(bound) and has_transition_perm(bound, request.user) and _is_here(case, name),
        "lines": lines_of(case),
        "statements": case.statements.select_related("by").order_by("seq", "id"),
        **more,
    }
    return render(request, "returns/desk/step.html", context, status=status)


def _is_here(case: Case, name: str) -> bool:
    return address_of(case, name) == reverse(f"returns:{name}", args=[case.number])


def label_of(name: str) -> str:
    """What the transition's button says."""
    transitions = Case._meta.get_field("status").get_all_transitions(Case)
    return str(next(found.custom["label"] for found in transitions if found.name == name))


def _not_now(case: Case, name: str) -> str:
    return _("“%(step)s” is not possible while the case is “%(status)s”.") % {
        "step": label_of(name),
        "status": case.get_status_display(),
    }
