"""Views of the desk: make a plan or an offer, record the shopper's answer."""

from collections.abc import Callable, Sequence
from functools import partial
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
from refunds.pricing.breakdown import Money, money_of
from refunds.pricing.queries import plan_in_force
from refunds.pricing.rules import PlanRefused
from returns.case_page.queries import find_case
from returns.case_page.stale_form import changes_since, conflict_page, show_changes
from returns.lifecycle.actions import moved_on
from returns.logbook.timeline import TimelineEntry
from returns.models import Case
from returns.permissions import REVIEW
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, run_action, show_error_message
from signoff.web.requests import HtmxRequest, StaffRequest

NOTHING_YET = Suggestion([], goods_come_back=False, gateway="")  # who has typed needs no suggestion
REFUSALS = (PlanRefused, QuoteRefused, ExceedsRefundable)


@staff(REVIEW)
def propose(request: HtmxRequest, number: str) -> HttpResponse:
    """Form of a plan with a preview of its amounts; it goes to the approvers."""
    case = find_case(request.user, number)
    return _write(request, case, form=PlanForm, action=plans.propose, done=_proposed)


@staff(REVIEW)
def offer(request: HtmxRequest, number: str) -> HttpResponse:
    """Form of a counter-offer, with a preview of its amounts; the approvers see it before the shopper."""
    case = find_case(request.user, number)
    return _write(request, case, form=OfferForm, action=plans.offer, done=_offered)


@staff(REVIEW)
def accept_offer(request: StaffRequest, number: str) -> HttpResponse:
    """Record that the shopper accepted the offer, for instance by telephone."""
    case = find_case(request.user, number)
    form = SeenForm(request.POST or None, initial={"seen": case.seq})
    return handle_form(
        request,
        form,
        page=lambda: _answer_page(request, case, case.accept_offer, form),
        action=partial(plans.accept_offer, case, by=request.user),
        done=_("Recorded: the shopper accepted the offer."),
        next_page=case.get_absolute_url(),
        refusals=dict.fromkeys((TransitionNotAllowed, *REFUSALS), show_changes(request, case, form)),
    )


@staff(REVIEW)
def decline_offer(request: StaffRequest, number: str) -> HttpResponse:
    """Record that the shopper declined the offer, with their words."""
    case = find_case(request.user, number)
    form = DeclineForm(request.POST or None, initial={"seen": case.seq})
    form.fields["words"].label = _("What would the shopper prefer instead?")
    return handle_form(
        request,
        form,
        page=lambda: _answer_page(request, case, case.decline_offer, form),
        action=partial(plans.decline_offer, case, by=request.user),
        done=_("Recorded: the shopper declined the offer. The case is back in review."),
        next_page=case.get_absolute_url(),
        refusals={TransitionNotAllowed: show_changes(request, case, form)},
    )


@staff(REVIEW)
def take_back(request: StaffRequest, number: str) -> HttpResponse:
    """Take one's own plan back while nobody has approved it; asks once."""
    case = find_case(request.user, number)
    form = SeenForm(request.POST or None, initial={"seen": case.seq})
    return handle_form(
        request,
        form,
        page=lambda: _take_back_page(request, case, form),
        action=partial(plans.take_back, case, by=request.user),
        done=_("Plan recalled. You can make another one."),
        next_page=case.get_absolute_url(),
        refusals={
            PlanRefused: show_error_message(request, next_page=case.get_absolute_url()),
            TransitionNotAllowed: show_changes(request, case, form),
        },
    )


def _take_back_page(request: StaffRequest, case: Case, form: SeenForm) -> HttpResponse:
    plan = plan_in_force(case)
    if plan is None or case.status != Case.Status.AWAITING_APPROVAL:
        if request.method == "POST":
            return conflict_page(request, case, moved_on(case), form)
        messages.info(request, _not_now(case))
        return redirect(case)
    if refusal := plans.why_not_taken_back(plan, request.user):
        messages.error(request, refusal)
        return redirect(case)
    return render(request, "refunds/desk/take_back.html", {"case": case, "form": form, "money": money_of(plan)})


def _write(
    request: HtmxRequest,
    case: Case,
    *,
    form: type[PlanForm],
    action: Callable[..., Case],
    done: Callable[[Case], str],
) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    if not can_proceed(case.propose) and not typed:
        messages.info(request, _not_now(case))
        return redirect(case)
    sheet = PlanSheet(case, NOTHING_YET if typed else draft_plan(case), plan_form=form, data=typed)
    if not can_proceed(case.propose):
        if request.htmx:  # also the amounts asked for just before the form was sent
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        return conflict_page(request, case, moved_on(case), *sheet.forms)
    page = partial(_plan_page, request, case, sheet)
    if "recalculate" in request.POST:
        sheet.plan.errors.pop("words", None)  # they may be written last
        return page()
    if request.method != "POST" or not sheet.is_sound:
        return page()

    def show_refusal(refusal: Exception) -> HttpResponse:
        money = sheet.money()
        if not money.refusal:
            sheet.refuse(str(refusal))
        return page(money)

    def show_what_changed(refusal: TransitionNotAllowed) -> HttpResponse:
        if not can_proceed(Case.objects.get(pk=case.pk).propose):
            return conflict_page(request, case, str(refusal), *sheet.forms)
        money, changed = sheet.money(), changes_since(case, sheet.plan)
        sheet.plan.add_error(None, str(refusal))
        _with_newest_version(sheet.plan, case)
        return page(money, changed, status=HTTPStatus.CONFLICT)

    return run_action(
        request,
        lambda: action(case, by=request.user, **sheet.arguments),
        done=done,
        next_page=case.get_absolute_url(),
        refusals={**dict.fromkeys(REFUSALS, show_refusal), TransitionNotAllowed: show_what_changed},
    )


def _plan_page(
    request: HtmxRequest,
    case: Case,
    sheet: PlanSheet,
    money: Money | None = None,
    changed: Sequence[TimelineEntry] = (),
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The form with its amounts (``money``, if computed already); htmx gets what depends on the remedies."""
    part = "#update" if request.htmx else ""
    sheet.look_up_findings()
    context = {
        "case": case,
        "sheet": sheet,
        "money": money or sheet.money(),
        "returned": _returned(case),
        "changed": changed,
    }
    response = render(request, f"refunds/desk/plan_form.html{part}", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _returned(case: Case) -> Approval | None:
    """The answer by which the last plan was sent back, if any."""
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
    """Set the newest version in the bound form, so that it can be sent again after the changes were shown."""
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
    if case.status == Case.Status.AWAITING_APPROVAL:
        return _("Counter-offer proposed. The shopper sees it as soon as it is approved.")
    return _("Offer made. The shopper can answer until the date shown.")
