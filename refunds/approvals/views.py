"""Pages of the approvers: the queue of plans, and one plan with its case."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_fsm import TransitionNotAllowed

from refunds.approvals.actions import APPROVE, ApprovalRefused, approve, reject_plan, send_back, why_not
from refunds.approvals.bulk import approvers_beside, left_out
from refunds.approvals.forms import AnswerForm
from refunds.approvals.listing import APPROVALS, TABS, tab_of
from refunds.approvals.queries import DECIDED, FOR_ME, FOR_OTHERS, as_rows, waiting_for_me, waiting_for_others
from refunds.approvals.rules import unusual
from refunds.ledger.caps import ExceedsRefundable
from refunds.models import Resolution
from refunds.pricing.breakdown import money_to_approve, refunded_elsewhere
from refunds.pricing.queries import approvers, plan_in_force, plans_of
from refunds.pricing.rules import needed_approvers
from refunds.settlement.actions import meet_verdict
from returns.case_page.queries import find_case
from returns.case_page.stale_form import changes_since, conflict_page
from returns.lifecycle.queries import prefetch_case
from returns.models import Case
from signoff.web.access import staff
from signoff.web.form_handling import handle_form
from signoff.web.lists import count_to_limit, tabs_of
from signoff.web.requests import StaffRequest

REFUSALS = (ApprovalRefused, ExceedsRefundable, TransitionNotAllowed)


@staff(APPROVE)
@require_safe
def approval_list(request: StaffRequest) -> HttpResponse:
    """Plans that wait for the user or for others, the earliest due first; and what was decided, the newest first."""
    tab = tab_of(request.GET)
    page = APPROVALS.find(request.user, request.GET).page()
    counts = count_to_limit({FOR_ME: waiting_for_me(request.user), FOR_OTHERS: waiting_for_others(request.user)})
    context: dict[str, Any] = {
        "page": page,
        "tab": tab,
        "tabs": tabs_of(TABS, active=tab, url=lambda name: f"?tab={name}", counts=counts),
        "desk_list": APPROVALS,
        "matching_count": counts.get(tab, ""),
        "read_only": tab != FOR_ME,
    }
    if tab != DECIDED:
        others = approvers_beside(request.user) if tab == FOR_OTHERS and page.rows else ""
        context["rows"] = [(row, left_out(row, others)) for row in as_rows(page.rows, request.user)]
    return render(request, "refunds/desk/approval_list.html", context)


@staff(APPROVE)
def approval(request: StaffRequest, number: str) -> HttpResponse:
    """One plan with its amounts and reasons, and the form for the answer."""
    case = find_case(request.user, number)
    resolution = plan_in_force(case)
    if case.status == Case.Status.INSPECTED and resolution and resolution.approved_at:
        return _meet_verdict(request, case, resolution)
    form = AnswerForm(request.POST or None, initial={"seen": case.seq})
    if resolution is None or not _is_waiting(case):
        return _show_already_answered(request, case, form)
    return handle_form(
        request,
        form,
        page=lambda: _page(request, case, resolution, form),
        action=partial(_answer, case, by=request.user),
        done=lambda answered: _done_message(answered, form.cleaned_data["answer"]),
        next_page=reverse("refunds:approval-list"),
        refusals=dict.fromkeys(REFUSALS, partial(_show_refusal, request, number, form)),
    )


def _show_refusal(request: StaffRequest, number: str, form: AnswerForm, refusal: Exception) -> HttpResponse:
    """Show the refusal in the bound form; on the conflict page if no plan waits for approval any more."""
    case = find_case(request.user, number)
    resolution = plan_in_force(case)
    if resolution is None or not _is_waiting(case):
        return conflict_page(request, case, str(refusal), form)
    form.add_error(None, str(refusal))
    return _page(request, case, resolution, form, status=HTTPStatus.CONFLICT)


def _is_waiting(case: Case) -> bool:
    return case.status == Case.Status.AWAITING_APPROVAL


def _show_already_answered(request: HttpRequest, case: Case, form: AnswerForm) -> HttpResponse:
    """The response when somebody else has answered; the conflict page keeps a typed answer."""
    why = _("Case %(number)s has nothing awaiting approval.") % {"number": case.number}
    if form.is_bound:
        return conflict_page(request, case, why, form)
    messages.info(request, why)
    return redirect(case)


def _answer(case: Case, *, by: User, answer: str, words: str, seen: int) -> Case:
    if answer == AnswerForm.APPROVE:
        return approve(case, by=by, note=words, seen=seen)
    if answer == AnswerForm.REJECT:
        return reject_plan(case, by=by, words=words, seen=seen)
    return send_back(case, by=by, note=words, seen=seen)


def _done_message(case: Case, answer: str) -> str:
    facts = {"number": case.number, "status": case.get_status_display()}
    if answer == AnswerForm.REJECT:
        return _("Case %(number)s rejected.") % facts
    if answer == AnswerForm.SEND_BACK:
        return _("Plan for case %(number)s sent back.") % facts
    if case.status == Case.Status.AWAITING_APPROVAL:
        return _("You approved the plan for case %(number)s. One more person has to approve it.") % facts
    if case.status == Case.Status.OFFERED:
        return _("Approved. The shopper of case %(number)s now has the offer; their yes needs nobody else.") % facts
    return _("Approved. Case %(number)s is now “%(status)s”.") % facts


def _meet_verdict(request: HttpRequest, case: Case, resolution: Resolution) -> HttpResponse:
    """Run the system's step after an inspection at once, for an approved plan."""
    if request.method != "POST":
        context = {"case": case, "plan": resolution, "money": money_to_approve(resolution)}
        return render(request, "refunds/desk/approval_verdict.html", context)
    try:
        case = meet_verdict(case)
    except ExceedsRefundable as refusal:
        messages.error(request, str(refusal))
    else:
        _add_verdict_message(request, case)
    return redirect(case)


def _add_verdict_message(request: HttpRequest, case: Case) -> None:
    if case.status == Case.Status.INSPECTED:
        messages.warning(request, _("The verdict doesn't match the plan; a new plan is needed."))
    else:
        messages.success(request, _("The verdict matches the plan; it is now being carried out."))


def _page(
    request: StaffRequest, case: Case, resolution: Resolution, form: AnswerForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = _context(request, case, resolution, form) | {"changed": changes_since(case, form)}
    return render(request, "refunds/desk/approval.html", context, status=status)


def _context(request: StaffRequest, case: Case, resolution: Resolution, form: AnswerForm) -> dict[str, Any]:
    """Template context: case and plan, by two queries. The plan may be superseded meanwhile."""
    prefetch_case(case)
    plans = plans_of(case)
    plan = next(version for version in plans.versions if version.pk == resolution.pk)
    approved, needed = len(approvers(plan)), needed_approvers(plans.tiers, plan.total)
    return {
        "case": case,
        "plan": plan,
        "form": form,
        "seen": case.seq,
        "money": money_to_approve(plan),
        "approved": approved,
        "needed": needed,
        "last": approved + 1 >= needed,
        "unusual": unusual(plan, plan.items.all(), list(case.lines.all())),
        "refunded_elsewhere": refunded_elsewhere(plans.payments, case.order),
        "why_not": why_not(plan, request.user),
        "lines": case.lines.all(),
        "statements": case.statements.all(),
    }
