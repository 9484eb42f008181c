"""Views of the desk: make a plan or an offer, record the shopper's answer."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed, can_proceed

from refunds.ledger.caps import ExceedsRefundable
from refunds.models import Approval
from refunds.money import QuoteRefused
from refunds.plans import actions as plans
from refunds.plans.forms import DeclineForm, OfferForm, PlanForm, SeenForm
from refunds.plans.queries import newest_version
from refunds.plans.sheet import PlanSheet
from refunds.plans.suggestion import Suggestion, draft_plan
from refunds.pricing.breakdown import money_of
from refunds.pricing.queries import plan_in_force
from refunds.pricing.rules import PlanRefused
from returns.case_page.queries import find_case
from returns.case_page.stale_form import changes_since, conflict_page
from returns.lifecycle.actions import moved_on
from returns.models import Case
from returns.permissions import REVIEW
from signoff.web.access import staff
from signoff.web.requests import HtmxRequest, StaffRequest

NOTHING_YET = Suggestion([], goods_come_back=False, gateway="")  # who has typed needs no suggestion
REFUSALS = (PlanRefused, QuoteRefused, ExceedsRefundable)


@staff(REVIEW)
def propose(request: HtmxRequest, number: str) -> HttpResponse:
    """Write a plan, see what it costs, hand it to the approvers."""
    case = find_case(request.user, number)
    return _write(request, case, step=case.propose, form=PlanForm, deed=plans.propose, done=_proposed)


@staff(REVIEW)
def offer(request: HtmxRequest, number: str) -> HttpResponse:
    """Write a counter-offer, see what it costs, ask the shopper."""
    case = find_case(request.user, number)
    return _write(request, case, step=case.offer, form=OfferForm, deed=plans.offer, done=_offered)


@staff(REVIEW)
def accept_offer(request: StaffRequest, number: str) -> HttpResponse:
    """Record that the shopper said yes, on the telephone for instance."""
    case = find_case(request.user, number)
    form = SeenForm(request.POST or None, initial={"seen": case.seq})
    if request.method == "POST" and form.is_valid():
        try:
            case = plans.accept_offer(case, by=request.user, **form.cleaned_data)
        except (TransitionNotAllowed, *REFUSALS) as refusal:
            return conflict_page(request, case, str(refusal), form)
        messages.success(request, _("Recorded: the shopper accepted the offer."))
        return redirect(case)
    return _answer_page(request, case, case.accept_offer, form)


@staff(REVIEW)
def decline_offer(request: StaffRequest, number: str) -> HttpResponse:
    """Record that the shopper said no, with their words."""
    case = find_case(request.user, number)
    form = DeclineForm(request.POST or None, initial={"seen": case.seq})
    if request.method == "POST" and form.is_valid():
        try:
            case = plans.decline_offer(case, by=request.user, **form.cleaned_data)
        except TransitionNotAllowed as refusal:
            return conflict_page(request, case, str(refusal), form)
        messages.success(request, _("Recorded: the shopper declined the offer. The case is back in review."))
        return redirect(case)
    return _answer_page(request, case, case.decline_offer, form)


def _write(
    request: HtmxRequest,
    case: Case,
    *,
    step: Callable[..., None],
    form: type[PlanForm],
    deed: Callable[..., Case],
    done: Callable[[Case], str],
) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    if not can_proceed(step) and not typed:
        messages.info(request, _not_now(case))
        return redirect(case)
    sheet = PlanSheet(case, NOTHING_YET if typed else draft_plan(case), plan_form=form, data=typed)
    if not can_proceed(step):
        return conflict_page(request, case, moved_on(case), *sheet.forms)
    money, changed, status = None, [], HTTPStatus.OK
    if "recalculate" in request.POST:
        sheet.plan.errors.pop("words", None)  # they may be written last
    elif request.method == "POST" and sheet.is_sound:
        try:
            case = deed(case, by=request.user, **sheet.arguments)
        except REFUSALS as refusal:
            money = sheet.money()
            if not money.refusal:
                sheet.refuse(str(refusal))
        except TransitionNotAllowed as refusal:
            if not can_proceed(getattr(Case.objects.get(pk=case.pk), step.__name__)):
                return conflict_page(request, case, str(refusal), *sheet.forms)
            money = sheet.money()
            changed, status = changes_since(case, sheet.plan), HTTPStatus.CONFLICT
            sheet.plan.add_error(None, str(refusal))
            _with_newest_version(sheet.plan, case)
        else:
            messages.success(request, done(case))
            return redirect(case)
    part = "#money" if request.htmx else ""
    sheet.look_up_findings()
    money = money or sheet.money()
    context = {"case": case, "sheet": sheet, "money": money, "step": step.__name__, "returned": _returned(case)}
    context["changed"] = changed
    response = render(request, f"refunds/desk/plan_form.html{part}", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _returned(case: Case) -> Approval | None:
    """The answer that sent the last plan back, if one did."""
    last = newest_version(case)
    if last is None:
        return None
    return last.approvals.filter(answer=Approval.Answer.SENT_BACK).select_related("by").first()


def _answer_page(request: HttpRequest, case: Case, step: Callable[..., None], form: Any) -> HttpResponse:
    resolution = plan_in_force(case)
    if resolution is None or not can_proceed(step):
        if request.method == "POST":
            return conflict_page(request, case, moved_on(case), form)
        messages.info(request, _not_now(case))
        return redirect(case)
    context = {"case": case, "form": form, "plan": resolution, "money": money_of(resolution), "step": step.__name__}
    return render(request, "refunds/desk/plan_answer.html", context)


def _with_newest_version(form: Any, case: Case) -> Any:
    """The form with what was typed, to be sent again after its sender has read what changed."""
    form.data = form.data.copy()
    form.data["seen"] = Case.objects.values_list("seq", flat=True).get(pk=case.pk)
    return form


def _not_now(case: Case) -> str:
    return _("You can't do this now: case %(number)s has the status “%(status)s”.") % {
        "number": case.number,
        "status": case.get_status_display(),
    }


def _proposed(case: Case) -> str:
    if case.status == Case.Status.AWAITING_APPROVAL:
        return _("Plan proposed. It now needs approval.")
    return _("Plan saved. It needs no approval and is being carried out.")


def _offered(case: Case) -> str:
    return _("Offer made. The shopper can answer until the date shown.")
