"""The bench: scan, receive, inspect, appraise."""

from collections.abc import Mapping, Sequence
from functools import partial
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
from inspection.forms.inspecting import AppraisalForm, FindingForm, VerdictForm
from inspection.forms.receiving import ReceivingForm
from inspection.queries import return_parcel
from inspection.scanning import find_cases
from inspection.unknown_parcels.queries import waiting_parcels
from returns.case_page.forms import StepForm
from returns.case_page.queries import find_case
from returns.case_page.stale_form import changes_since, conflict_page, show_changes
from returns.lifecycle.actions import legal_steps, moved_on
from returns.lifecycle.queries import lines_with_articles
from returns.logbook.timeline import TimelineEntry
from returns.models import Case
from returns.models.queues import CaseQuerySet
from returns.permissions import INSPECT
from returns.queue.queries import cases_with_lines
from signoff.db.counts import first_of_each
from signoff.pictures.clean import FORM_MAX
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, run_action, show_form_error
from signoff.web.requests import StaffRequest
from signoff.web.uploads import takes


@staff(INSPECT)
@require_safe
def bench(request: HttpRequest) -> HttpResponse:
    """The inspection bench: goods here, goods on their way, the scan field. A single match redirects to its page."""
    code = request.GET.get("code", "").strip()
    matches = find_cases(code)
    if len(matches) == 1:
        return redirect(_next_page(matches[0]))
    unknown = waiting_parcels()
    waiting = Case.objects.visible_to(request.user).waiting_for(INSPECT)
    lists = _first_rows(
        {
            "here": waiting.filter(status=Case.Status.RECEIVED),
            "appraisals": waiting.filter(status=Case.Status.IN_APPRAISAL),
            "coming": waiting.filter(status__in=[Case.Status.IN_TRANSIT, Case.Status.AUTHORISED]),
        }
    )
    context = {
        "code": code,
        "matches": matches,
        "unknown": unknown[: settings.BENCH_ROWS],
        "more_unknown": len(unknown) > settings.BENCH_ROWS,
    }
    return render(request, "inspection/desk/bench.html", context | lists)


@takes(FORM_MAX)
@staff(INSPECT)
def receive(request: StaffRequest, number: str) -> HttpResponse:
    """Count the received goods, with photos of the outside."""
    case = find_case(request.user, number)
    form = ReceivingForm(*_form_data(request), case=case)
    if request.method == "POST":
        valid = form.is_valid()
        # first of all: no refusal loses a photo, and the step pins those that are there
        for sentence in photos.store_photos(form.cleaned_data.get("pictures") or [], case=case, by=request.user):
            messages.warning(request, sentence)
        if valid:
            return _receive(request, case, form)
    return _receiving_page(request, case, form)


@takes(FORM_MAX)
@staff(INSPECT)
def inspect(request: StaffRequest, number: str) -> HttpResponse:
    """Record verdict and disposition for every received unit. Photos are stored even if the form is invalid."""
    case = find_case(request.user, number)
    if case.status != Case.Status.RECEIVED and request.method != "POST":
        return redirect(_next_page(case))
    version = StepForm(*_form_data(request), initial={"seen": case.seq})
    lines = [line for line in lines_with_articles(case) if line.received]
    forms = [FindingForm(*_form_data(request), line=line) for line in lines]
    if request.method == "POST":
        answers = [form.is_valid() for form in (version, *forms)]  # validates every form, for its photos and errors
        _store_photos(request, case, forms)
        if all(answers):
            return _conclude(request, case, version, forms)
        if case.status != Case.Status.RECEIVED:
            return conflict_page(request, case, moved_on(case), version, *_parts(forms), audience="bench")
    return _inspection_page(request, case, version, forms)


@staff(INSPECT)
def record_appraisal(request: StaffRequest, number: str) -> HttpResponse:
    """Record an expert's appraisal before the goods are sent."""
    case = find_case(request.user, number)
    form = AppraisalForm(*_form_data(request), initial={"seen": case.seq})

    def show_refusal(refusal: TransitionNotAllowed) -> HttpResponse:
        newest = find_case(request.user, number)
        if newest.status != Case.Status.IN_APPRAISAL:
            return conflict_page(request, newest, str(refusal), form, audience="bench")
        changed = changes_since(newest, form, audience="bench")
        form.add_error(None, str(refusal))
        form.redraw(newest.seq)
        return _appraisal_page(request, newest, form, changed, status=HTTPStatus.CONFLICT)

    return handle_form(
        request,
        form,
        page=lambda: _appraisal_page(request, case, form),
        action=partial(actions.appraise, case, by=request.user),
        done=_("Appraisal saved. The case is back in review."),
        next_page=reverse("inspection:bench"),
        refusals={TransitionNotAllowed: show_refusal},
    )


def _appraisal_page(
    request: HttpRequest,
    case: Case,
    form: AppraisalForm,
    changed: Sequence[TimelineEntry] = (),
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {"case": case, "form": form, "changed": changed}
    return render(request, "inspection/desk/appraise.html", context, status=status)


def _first_rows(lists: Mapping[str, CaseQuerySet]) -> dict[str, Any]:
    """The first rows of each list of the bench, and whether there are more; found by indexes, then joined at once."""
    limit = settings.BENCH_ROWS
    keys = first_of_each({name: cases[: limit + 1] for name, cases in lists.items()}, limit=limit)
    rows = {case.pk: case for case in cases_with_lines([key for found in keys.values() for key in found])}
    first = {
        name: sorted((rows[key] for key in found if key in rows), key=lambda case: (case.due_at, case.pk))
        for name, found in keys.items()
    }
    return {name: {"cases": cases[:limit], "more": len(cases) > limit} for name, cases in first.items()}


def _form_data(request: HttpRequest) -> tuple[Any, Any]:
    """Data and files for a form: those of a POST, even if empty; None otherwise."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _receive(request: StaffRequest, case: Case, form: ReceivingForm) -> HttpResponse:
    receive_counted = partial(
        actions.receive,
        case,
        by=request.user,
        counted=form.counted,
        parcel=return_parcel(case),
        remarks=form.cleaned_data["remarks"],
        other=form.cleaned_data["other"],
        seen=form.cleaned_data["seen"],
    )
    return run_action(
        request,
        receive_counted,
        done=_("Received. Now inspect the items."),
        next_page=reverse("inspection:inspect", args=[case.number]),
        refusals={
            actions.CountRefused: show_form_error(form, lambda: _receiving_page(request, case, form)),
            TransitionNotAllowed: show_changes(request, case, form, audience="bench"),
        },
    )


def _receiving_page(request: HttpRequest, case: Case, form: ReceivingForm) -> HttpResponse:
    return render(request, "inspection/desk/receive.html", {"case": case, "form": form})


def _conclude(request: StaffRequest, case: Case, version: StepForm, forms: list[FindingForm]) -> HttpResponse:
    def show_what_is_wrong(refusal: actions.CountRefused) -> HttpResponse:
        messages.error(request, str(refusal))
        version.redraw(case.seq)
        return _inspection_page(request, case, version, forms)

    def show_what_changed(refusal: TransitionNotAllowed) -> HttpResponse:
        newest = find_case(request.user, case.number)
        if newest.status != Case.Status.RECEIVED:
            return conflict_page(request, newest, str(refusal), version, *_parts(forms), audience="bench")
        messages.error(request, str(refusal))
        changed = changes_since(newest, version, audience="bench")
        version.redraw(newest.seq)
        return _inspection_page(request, newest, version, forms, changed, status=HTTPStatus.CONFLICT)

    seen, findings = version.cleaned_data["seen"], [finding for form in forms for finding in form.findings]
    return run_action(
        request,
        partial(actions.conclude, case, by=request.user, findings=findings, seen=seen),
        done=_("Verdict saved."),
        next_page=case.get_absolute_url(),
        refusals={actions.CountRefused: show_what_is_wrong, TransitionNotAllowed: show_what_changed},
    )


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


def _parts(forms: list[FindingForm]) -> list[VerdictForm]:
    return [part for form in forms for part in form.parts]


def _store_photos(request: StaffRequest, case: Case, forms: list[FindingForm]) -> None:
    forms_with_photos = [form for form in _parts(forms) if form.cleaned_data.get("pictures")]
    inspection = case.inspections.filter(concluded_at=None).first() if forms_with_photos else None
    for form in forms_with_photos:
        pictures = form.cleaned_data["pictures"]
        for sentence in photos.store_photos(
            pictures, case=case, by=request.user, inspection=inspection, line=form.line
        ):
            messages.warning(request, sentence)


def _next_page(case: Case) -> str:
    """The page of the step that the bench can take now, else the case's own page."""
    steps = (step.name for step in legal_steps(case) if step.permission == INSPECT)
    step = next(steps, None)
    return reverse(f"inspection:{step}", args=[case.number]) if step else case.get_absolute_url()
