"""Pages of the payee: the shopper's form, the same for an agent, and finance's look at it."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from refunds.payees.actions import name_payee
from refunds.payees.forms import PayeeForm
from refunds.payees.queries import needs_payee, payee_of
from returns.case_page.queries import find_case
from returns.intake.access import own_case
from returns.permissions import REVIEW
from signoff.lookup.access import shopper
from signoff.web.access import staff
from signoff.web.form_handling import handle_form
from signoff.web.requests import StaffRequest


@shopper
def own_payee(request: HttpRequest, number: str) -> HttpResponse:
    """Where the shopper's money goes, if it goes by bank transfer."""
    case = own_case(request, number)
    address = reverse("returns:status", args=[case.number])
    if not needs_payee(case):
        return redirect(address)
    form = PayeeForm(request.POST or None, initial={"kind": _usual_kind(case.order.country)})
    context = {"case": case, "shop": case.shop, "form": form, "known": payee_of(case)}
    return handle_form(
        request,
        form,
        page=lambda: render(request, "refunds/portal/payee.html", context),
        action=partial(name_payee, case, by=case.customer),
        done=_("Thank you. We'll transfer your refund to this account."),
        next_page=address,
        refusals={},
    )


@staff(REVIEW)
def payee(request: StaffRequest, number: str) -> HttpResponse:
    """Record the account that a shopper named by telephone or e-mail."""
    case = find_case(request.user, number)
    form = PayeeForm(request.POST or None, initial={"kind": _usual_kind(case.order.country)})
    context = {"case": case, "form": form, "known": payee_of(case)}
    return handle_form(
        request,
        form,
        page=lambda: render(request, "refunds/desk/payee.html", context),
        action=partial(name_payee, case, by=request.user),
        done=_("Account saved. Finance sees whom to pay."),
        next_page=case.get_absolute_url(),
        refusals={},
    )


def _usual_kind(country: str) -> str:
    return "card" if country == "CN" else "iban"
