"""Views of the shopper: answer a counter-offer."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from refunds.ledger.caps import ExceedsRefundable
from refunds.plans import actions as plans
from refunds.plans.forms import DeclineForm, SeenForm
from refunds.plans.offers import offer_of
from refunds.pricing.rules import PlanRefused
from returns.case_page.stale_form import conflict_page, show_changes
from returns.intake.access import own_case
from returns.lifecycle.actions import moved_on
from returns.models import Case
from signoff.lookup.access import shopper
from signoff.web.form_handling import handle_form


@shopper
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Accept the offer; GET shows a page to confirm it."""
    case = own_case(request, number)
    form = SeenForm(request.POST or None, initial={"seen": case.seq})
    kinds = (TransitionNotAllowed, PlanRefused, ExceedsRefundable)
    return handle_form(
        request,
        form,
        page=lambda: _page(request, case, form, accepting=True),
        action=partial(plans.accept_offer, case, by=case.customer),
        done=_("Thank you. We'll go ahead as agreed."),
        next_page=reverse("returns:status", args=[case.number]),
        refusals=dict.fromkeys(kinds, show_changes(request, case, form, audience="shopper")),
    )


@shopper
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """Decline the offer, with an optional comment; GET shows the form."""
    case = own_case(request, number)
    form = DeclineForm(request.POST or None, initial={"seen": case.seq})
    return handle_form(
        request,
        form,
        page=lambda: _page(request, case, form, accepting=False),
        action=partial(plans.decline_offer, case, by=case.customer),
        done=_("Thank you. We'll look at your request again and get back to you."),
        next_page=reverse("returns:status", args=[case.number]),
        refusals={TransitionNotAllowed: show_changes(request, case, form, audience="shopper")},
    )


def _page(request: HttpRequest, case: Case, form: Any, *, accepting: bool) -> HttpResponse:
    offered = offer_of(case)
    if offered is None and form.is_bound:
        return conflict_page(request, case, moved_on(case, by=case.customer), form, audience="shopper")
    if offered is None:
        return redirect("returns:status", case.number)
    context = {"case": case, "form": form, "offer": offered, "accepting": accepting, "shop": case.shop}
    return render(request, "refunds/portal/offer_answer.html", context)
