"""Steps of a case that staff take on pages of this app: form, action and texts of each."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from returns.case_page import forms
from returns.models import Case
from returns.permissions import REVIEW
from returns.portal import actions as portal
from returns.review import actions as review


@dataclass(frozen=True)
class DeskStep:
    """``action`` takes the case, ``by`` and the form's fields.

    ``right`` is the permission that opens the page; the transition checks its own permission again.
    """

    form: type[forms.StepForm]
    action: Callable[..., Case]
    lead: StrOrPromise
    done: StrOrPromise
    tone: str = "primary"
    right: str = REVIEW


#: steps that are taken on the page of another
PAGES = {"make_offer": "authorise", "accept_offer_and_settle": "accept_offer"}


def address_of(case: Case, name: str) -> str:
    """URL of a step's page. While a plan waits for approval, it is rejected on the approval page."""
    if name == "reject" and case.status == Case.Status.AWAITING_APPROVAL:
        name = "authorise"
    return f"{case.get_absolute_url()}{PAGES.get(name, name)}/"


#: name of the transition → its page
STEPS: dict[str, DeskStep] = {
    "request_information": DeskStep(
        forms.QuestionForm,
        review.request_information,
        _("The case waits for an answer. Without one, a goodwill case expires; any other goes on with what is there."),
        _("Question sent to the shopper."),
    ),
    "send_to_appraisal": DeskStep(
        forms.NoteForm,
        review.send_to_appraisal,
        _("An expert reviews the evidence before the goods are sent back."),
        _("Sent to the experts."),
    ),
    "reject": DeskStep(
        forms.RefusalForm,
        review.reject,
        _("You reject the request. The shopper sees the reason and can appeal."),
        _("Case rejected. The shopper has been notified."),
        tone="danger",
        right="returns.view_case",  # a reviewer's or an approver's step, as the state says
    ),
    "report_lost": DeskStep(
        forms.NoteForm,
        review.report_lost,
        _("The parcel won't arrive. The case goes back to review, where the next step is decided."),
        _("Parcel reported lost. The case is back in review."),
    ),
    "reopen": DeskStep(
        forms.NoteForm,
        review.reopen,
        _("The problem isn't solved after all. The case goes back to review."),
        _("Case reopened."),
    ),
    "supply_information": DeskStep(
        forms.CallersAnswerForm,
        portal.supply_information,
        _("Record what the shopper answered by phone or e-mail."),
        _("Answer recorded. The case is back in review."),
    ),
    "ship": DeskStep(
        forms.CallersShipmentForm,
        portal.ship,
        _("Record the tracking details the shopper gave you."),
        _("Shipment recorded."),
    ),
    "appeal": DeskStep(
        forms.CallersAnswerForm,
        portal.appeal,
        _("The shopper disagrees with the rejection. Record why."),
        _("Appeal recorded. The case is back in review."),
    ),
    "cancel": DeskStep(
        forms.CallersCancellationForm,
        portal.cancel,
        _("The shopper no longer needs this. The items can be requested again in a new case."),
        _("Request cancelled."),
        tone="danger",
    ),
}
