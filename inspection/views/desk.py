"""The bench: scan, receive, inspect, appraise."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_fsm import TransitionNotAllowed

from inspection import actions, photos
from inspection.forms.inspecting import AppraisalForm, FindingForm
from inspection.forms.receiving import ReceivingForm
from inspection.scanning import find_cases
from returns.case_page.forms import StepForm
from returns.case_page.queries import find_case
from returns.case_page.stale_form import changes_since, conflict_page
from returns.lifecycle.actions import legal_steps, moved_on
from returns.lifecycle.queries import lines_with_articles
from returns.logbook.timeline import TimelineEntry
from returns.models import Case
from returns.models.queues import CaseQuerySet
from returns.permissions import INSPECT
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import Parcel
from signoff.web.access import staff
from signoff.web.requests import StaffRequest

_RETURN = CompiledQuery(
    lambda case: Parcel.objects.filter(cases=case, direction=Parcel.Direction.RETURN).order_by("-pk")
)


@staff(INSPECT)
@require_safe
def bench(request: HttpRequest) -> HttpResponse:
    """What is here, what is coming, and the field to scan into. One hit goes straight to its page."""
    code = request.GET.get("code", "").strip()
    found = find_cases(code)
    if len(found) == 1:
        return redirect(_next_page(found[0]))
    waiting = Case.objects.visible_to(request.user).waiting_for(INSPECT).for_list()
    return render(
        request,
        "inspection/desk/bench.html",
        {
            "code": code,
            "found": found,
            "here": _first(waiting.filter(status=Case.Status.RECEIVED)),
            "appraisals": _first(waiting.filter(status=Case.Status.IN_APPRAISAL)),
            "coming": _first(waiting.filter(status__in=[Case.Status.IN_TRANSIT, Case.Status.AUTHORISED])),
        },
    )


@staff(INSPECT)
def receive(request: StaffRequest, number: str) -> HttpResponse:
    """Count what came in, with photos of the outside."""
    case = find_case(request.user, number)
    form = ReceivingForm(*_sent(request), case=case)
    if request.method == "POST":
        valid = form.is_valid()
        # first of all: no refusal loses a photo, and the step pins those that are there
        photos.keep(form.cleaned_data.get("pictures") or [], case=case, by=request.user)
        if valid:
            try:
                actions.receive(
                    case,
                    by=request.user,
                    counted=form.counted,
                    parcel=_RETURN.first(case.pk),
                    remarks=form.cleaned_data["remarks"],
                    seen=form.cleaned_data["seen"],
                )
            except actions.CountRefused as refusal:
                form.add_error(None, str(refusal))
            except TransitionNotAllowed as refusal:
                return conflict_page(request, case, str(refusal), form, audience="bench")
            else:
                messages.success(request, _("Received. Now inspect the items."))
                return redirect("inspection:inspect", case.number)
    return render(request, "inspection/desk/receive.html", {"case": case, "form": form})


@staff(INSPECT)
def inspect(request: StaffRequest, number: str) -> HttpResponse:
    """A verdict and a disposition for every line that came in. Photos are kept even when the form is refused."""
    case = find_case(request.user, number)
    if case.status != Case.Status.RECEIVED and request.method != "POST":
        return redirect(_next_page(case))
    version = StepForm(*_sent(request), initial={"seen": case.seq})
    lines = [line for line in lines_with_articles(case) if line.received]
    forms = [FindingForm(*_sent(request), line=line) for line in lines]
    if request.method == "POST":
        answers = [form.is_valid() for form in (version, *forms)]  # asks every form, for its photos and errors
        _keep_photos(request, case, forms)
        if all(answers):
            return _conclude(request, case, version, forms)
        if case.status != Case.Status.RECEIVED:
            return conflict_page(request, case, moved_on(case), version, *forms, audience="bench")
    return _inspection_page(request, case, version, forms)


@staff(INSPECT)
def record_appraisal(request: StaffRequest, number: str) -> HttpResponse:
    """An expert's view from the evidence, before goods travel."""
    case = find_case(request.user, number)
    form, status = AppraisalForm(*_sent(request), initial={"seen": case.seq}), HTTPStatus.OK
    changed: list[TimelineEntry] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.appraise(case, by=request.user, **form.cleaned_data)
        except TransitionNotAllowed as refusal:
            case, status = find_case(request.user, number), HTTPStatus.CONFLICT
            changed = changes_since(case, form, audience="bench")
            if case.status != Case.Status.IN_APPRAISAL:
                return conflict_page(request, case, str(refusal), form, audience="bench")
            form.add_error(None, str(refusal))
            form.redraw(case.seq)
        else:
            messages.success(request, _("Appraisal saved. The case is back in review."))
            return redirect("inspection:bench")
    context = {"case": case, "form": form, "changed": changed}
    return render(request, "inspection/desk/appraise.html", context, status=status)


def _first(cases: CaseQuerySet) -> dict[str, Any]:
    """What is due first, and whether there is more."""
    most = settings.BENCH_ROWS
    found = list(cases[: most + 1])
    return {"cases": found[:most], "more": len(found) > most}


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is made from: data and files of a POST, be they empty; nothing otherwise."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _conclude(request: StaffRequest, case: Case, version: StepForm, forms: list[FindingForm]) -> HttpResponse:
    seen, status = version.cleaned_data["seen"], HTTPStatus.OK
    changed: list[TimelineEntry] = []
    try:
        actions.conclude(case, by=request.user, findings=[form.finding for form in forms], seen=seen)
    except actions.CountRefused as refusal:
        messages.error(request, str(refusal))
    except TransitionNotAllowed as refusal:
        case = find_case(request.user, case.number)
        if case.status != Case.Status.RECEIVED:
            return conflict_page(request, case, str(refusal), version, *forms, audience="bench")
        messages.error(request, str(refusal))
        changed, status = changes_since(case, version, audience="bench"), HTTPStatus.CONFLICT
    else:
        messages.success(request, _("Verdict saved."))
        return redirect(case)
    version.redraw(case.seq)
    return _inspection_page(request, case, version, forms, changed, status=status)


def _inspection_page(
    request: HttpRequest,
    case: Case,
    version: StepForm,
    forms: list[FindingForm],
    changed: Sequence[TimelineEntry] = (),
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {"case": case, "forms": forms, "version": version, "changed": changed}
    return render(request, "inspection/desk/inspect.html", context, status=status)


def _keep_photos(request: StaffRequest, case: Case, forms: list[FindingForm]) -> None:
    shown = [form for form in forms if form.cleaned_data.get("pictures")]
    inspection = case.inspections.filter(concluded_at=None).first() if shown else None
    for form in shown:
        pictures = form.cleaned_data["pictures"]
        photos.keep(pictures, case=case, by=request.user, inspection=inspection, line=form.line)


def _next_page(case: Case) -> str:
    """The page of the step that the bench can take now, else the case's own page."""
    steps = (step.name for step in legal_steps(case) if step.permission == INSPECT)
    step = next(steps, None)
    return reverse(f"inspection:{step}", args=[case.number]) if step else case.get_absolute_url()
