"""Violations of delivery quality rules: their list, and the page on which a manager confirms or waives one."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.models import Parcel, Violation
from signoff.scorecards.forms import WaiveForm
from signoff.scorecards.listing import VIOLATIONS, status_of
from signoff.scorecards.text import FAILINGS, penalty_sums, percent
from signoff.scorecards.violations import DECIDE, AlreadyDecided
from signoff.scorecards.violations import confirm as confirm_violation
from signoff.scorecards.violations import waive as waive_violation
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, run_action, show_conflict
from signoff.web.keyset import page_by_key
from signoff.web.lists import Tab, count_to_limit, tabs_of
from signoff.web.requests import StaffRequest

VIEW = "signoff.view_violation"
Status = Violation.Status
TONES: dict[str, str] = {Status.OPEN: "warn", Status.CONFIRMED: "danger", Status.WAIVED: "neutral"}


@staff(VIEW)
@require_safe
def violation_list(request: StaffRequest) -> HttpResponse:
    """Violations of one status, the newest first."""
    status = status_of(request.GET)
    page = VIOLATIONS.find(request.user, request.GET).page()
    context = {"page": page, "desk_list": VIOLATIONS, "tabs": _tabs(status), "status": status}
    return render(request, "signoff/desk/violations.html", context)


@staff(VIEW)
@require_safe
def violation(request: HttpRequest, token: str) -> HttpResponse:
    """One violation: its rule, figures and parcels, and the buttons to decide it."""
    return _page(request, _find(token), WaiveForm())


@staff(DECIDE)
@require_POST
def confirm(request: StaffRequest, token: str) -> HttpResponse:
    """It is so."""
    violation = _find(token)
    return run_action(
        request,
        partial(confirm_violation, violation, by=request.user),
        done=_("Confirmed. The claim will be booked shortly."),
        next_page=_url(violation),
        refusals={AlreadyDecided: show_conflict(request, back=_url(violation))},
    )


@staff(DECIDE)
@require_POST
def waive(request: StaffRequest, token: str) -> HttpResponse:
    """Waive a violation with a reason: no claim is made."""
    violation, form = _find(token), WaiveForm(request.POST)
    return handle_form(
        request,
        form,
        page=lambda: _page(request, violation, form),
        action=partial(waive_violation, violation, by=request.user),
        done=_("Waived. No claim is made."),
        next_page=_url(violation),
        refusals={AlreadyDecided: show_conflict(request, back=_url(violation), forms=[form])},
    )


def _url(violation: Violation) -> str:
    return reverse("signoff:violation", args=[violation.token])


def _find(token: str) -> Violation:
    return get_object_or_404(Violation.objects.select_related("rule__shop", "decided_by"), token=token)


def _page(request: HttpRequest, violation: Violation, form: WaiveForm) -> HttpResponse:
    evidence = Parcel.objects.filter(token__in=violation.evidence, shipped_at__isnull=False)
    context: dict[str, Any] = {
        "violation": violation,
        "tone": TONES[violation.status],
        "rule": violation.rule,
        "sums": penalty_sums(violation),
        "percent": percent(violation.failed / violation.parcels) if violation.parcels else "",
        "page": page_by_key(
            evidence, key="-shipped_at", query=request.GET, load=Parcel.objects.select_related("order__shop")
        ),
        "may_decide": violation.status == Status.OPEN and request.user.has_perm(DECIDE),
        "form": form,
    }
    for parcel in context["page"].rows:
        parcel.failings = [FAILINGS[violation.rule.failing]]
        parcel.goods = violation.values.get(parcel.token)
    return render(request, "signoff/desk/violation.html", context)


def _tabs(chosen: str) -> list[Tab]:
    return tabs_of(
        {status: capfirst(label) for status, label in Status.choices},
        active=chosen,
        url=lambda status: f"?status={status}",
        counts=count_to_limit({status: Violation.objects.filter(status=status) for status in Status.values}),
    )
