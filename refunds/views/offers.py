"""The shopper answers a counter-offer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from refunds.actions import plan
from refunds.actions.reserving import MoreThanPaid
from refunds.forms.plan import DeclineForm, SeenForm
from refunds.offers import offer_of
from returns.actions.lifecycle import moved_on
from returns.late import too_late
from returns.models import Case
from returns.views.portal.getters import own_case
from signoff.access import shopper


@shopper
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Yes. By GET a page that asks once more."""
    case = own_case(request, number)
    form = SeenForm(request.POST or None, initial={"seen": case.seq})
    if request.method == "POST" and form.is_valid():
        try:
            plan.accept_offer(case, by=case.customer, **form.cleaned_data)
        except (TransitionNotAllowed, plan.PlanRefused, MoreThanPaid) as refusal:
            return too_late(request, case, str(refusal), form, audience="shopper")
        messages.success(request, _("Thank you. We go ahead as you agreed."))
        return redirect("returns:status", case.number)
    return _page(request, case, form, accepting=True)


@shopper
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """No, maybe with words. By GET a page that asks for them."""
    case = own_case(request, number)
    form = DeclineForm(request.POST or None, initial={"seen": case.seq})
    if request.method == "POST" and form.is_valid():
        try:
            plan.decline_offer(case, by=case.customer, **form.cleaned_data)
        except TransitionNotAllowed as refusal:
            return too_late(request, case, str(refusal), form, audience="shopper")
        messages.success(request, _("Thank you. We look at your request again and write to you."))
        return redirect("returns:status", case.number)
    return _page(request, case, form, accepting=False)


def _page(request: HttpRequest, case: Case, form: Any, *, accepting: bool) -> HttpResponse:
    offered = offer_of(case)
    if offered is None and form.is_bound:
        return too_late(request, case, moved_on(case), form, audience="shopper")
    if offered is None:
        return redirect("returns:status", case.number)
    context = {"case": case, "form": form, "offer": offered, "accepting": accepting, "shop": case.shop}
    return render(request, "refunds/portal/offer_answer.html", context)
