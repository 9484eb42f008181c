"""The answer to the decision about surplus units on the case page."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspection.models import Surplus
from inspection.surplus.actions import AlreadyDecided, decide
from returns.permissions import REVIEW
from signoff.web.access import staff
from signoff.web.form_handling import run_action, show_error_message
from signoff.web.requests import StaffRequest


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=Surplus.Decision)


@staff(REVIEW)
@require_POST
def decide_surplus(request: StaffRequest, number: str, token: str) -> HttpResponse:
    """Decide what becomes of units that came beyond the case."""
    surplus = get_object_or_404(Surplus.objects.select_related("case"), case__number=number, token=token)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what becomes of the surplus items."))
        return redirect(surplus.case)
    return run_action(
        request,
        partial(decide, surplus, form.cleaned_data["decision"], by=request.user),
        done=_("Decided. The bench sees it on the case."),
        next_page=surplus.case.get_absolute_url(),
        refusals={AlreadyDecided: show_error_message(request, next_page=surplus.case.get_absolute_url())},
    )
