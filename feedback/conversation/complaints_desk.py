"""Views and forms of complaints about the service: mark a conversation as a complaint, send the shopper the result."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.conversation.actions import Outgoing, post_message, thread_of
from feedback.conversation.complaints import mark_complaint
from feedback.conversation.composer import REFUSALS
from feedback.conversation.queries import find_inquiry
from feedback.models import Thread
from returns.case_page.queries import find_case
from returns.permissions import REVIEW
from signoff.web.access import staff
from signoff.web.form_handling import run_action, show_error_message
from signoff.web.requests import StaffRequest


class ComplaintForm(forms.Form):
    severity = forms.TypedChoiceField(choices=Thread.Severity, coerce=int)


class OutcomeForm(forms.Form):
    key = forms.CharField(max_length=64)
    words = forms.CharField(max_length=4000)


@staff(REVIEW)
@require_POST
def complaint(request: StaffRequest, number: str) -> HttpResponse:
    """Mark the conversation of a case as a complaint, or tell the shopper its result."""
    case = find_case(request.user, number)
    return _complaint(request, thread_of(case), case.get_absolute_url())


@staff(REVIEW)
@require_POST
def inquiry_complaint(request: StaffRequest, token: str) -> HttpResponse:
    """Mark the conversation of an order without a case as a complaint, or tell the shopper its result."""
    thread = find_inquiry(token)
    return _complaint(request, thread, thread.get_absolute_url())


def _complaint(request: StaffRequest, thread: Thread, back: str) -> HttpResponse:
    refusals = dict.fromkeys(REFUSALS, show_error_message(request, next_page=back))
    outcome = OutcomeForm(request.POST)
    if "words" in request.POST:
        if not outcome.is_valid():
            messages.error(request, _("Write what the result is; the shopper reads it."))
            return redirect(back)
        out = Outgoing(**outcome.cleaned_data, is_outcome=True)
        action = partial(post_message, thread, by=request.user, out=out)
        return run_action(request, action, done=_("Result sent to the shopper."), next_page=back, refusals=refusals)
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how serious the complaint is."))
        return redirect(back)
    mark = partial(mark_complaint, thread, by=request.user, severity=form.cleaned_data["severity"])
    return run_action(request, mark, done=_("Marked as a complaint."), next_page=back, refusals=refusals)
