"""Views of the shopper: answer a counter-offer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from refunds.ledger.caps import ExceedsRefundable
from refunds.plans import actions as plans
from refunds.plans.forms import DeclineForm, SeenForm
from refunds.plans.offers import offer_of
from refunds.pricing.rules import PlanRefused
from returns.case_page.stale_form import conflict_page
from returns.intake.access import own_case
from returns.lifecycle.actions import moved_on
from returns.models import Case
from signoff.lookup.access import shopper


@shopper
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Yes. By GET a page that asks once more."""
    case = own_case(request, number)
    form = SeenForm(request.POST or None, initial={"seen": case.seq})
    if request.method == "POST" and form.is_valid():
        try:
            plans.accept_offer(case, by=case.customer, **form.cleaned_data)
        except (TransitionNotAllowed, PlanRefused, ExceedsRefundable) as refusal:
            return conflict_page(request, case, str(refusal), form, audience="shopper")
        messages.success(request, _("Thank you. We'll go ahead as agreed."))
        return redirect("returns:status", case.number)
    return _page(request, case, form, accepting=True)


@shopper
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """No, maybe with words. By GET a page that asks for them."""
    case = own_case(request, number)
    form = DeclineForm(request.POST or None, initial={"seen": case.seq})
    if request.method == "POST" and form.is_valid():
        try:
            plans.decline_offer(case, by=case.customer, **form.cleaned_data)
        except TransitionNotAllowed as refusal:
            return conflict_page(request, case, str(refusal), form, audience="shopper")
        messages.success(request, _("Thank you. We'll look at your request again and get back to you."))
        return redirect("returns:status", case.number)
    return _page(request, case, form, accepting=False)


def _page(request: HttpRequest, case: Case, form: Any, *, accepting: bool) -> HttpResponse:
    offered = offer_of(case)
    if offered is None and form.is_bound:
        return conflict_page(request, case, moved_on(case, by=case.customer), form, audience="shopper")
    if offered is None:
        return redirect("returns:status", case.number)
    context = {"case": case, "form": form, "offer": offered, "accepting": accepting, "shop": case.shop}
    return render(request, "refunds/portal/offer_answer.html", context)
