"""The steps that the desk takes on pages of this floor: form, deed and words of each."""

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
class Step:
    """``deed`` takes the case, ``by`` and the form's fields. ``right`` opens the page; ``move`` asks again."""

    form: type[forms.StepForm]
    deed: Callable[..., Case]
    lead: StrOrPromise
    done: StrOrPromise
    tone: str = "primary"
    right: str = REVIEW


def address_of(case: Case, name: str) -> str:
    """The page of a step. While a plan waits for approval, to reject is an answer to it, given where it is approved."""
    if name == "reject" and case.status == Case.Status.AWAITING_APPROVAL:
        name = "authorise"
    return f"{case.get_absolute_url()}{name}/"


#: name of the transition → its page
STEPS: dict[str, Step] = {
    "request_information": Step(
        forms.QuestionForm,
        review.request_information,
        _("The case waits for the answer; without one it expires by itself."),
        _("The shopper is asked."),
    ),
    "send_to_appraisal": Step(
        forms.NoteForm,
        review.send_to_appraisal,
        _("An expert looks at the evidence before goods travel."),
        _("The experts have it now."),
    ),
    "reject": Step(
        forms.RefusalForm,
        review.reject,
        _("The wish is refused. The shopper is told why and can appeal."),
        _("The case is rejected; the shopper is told."),
        tone="danger",
        right="returns.view_case",  # a reviewer's or an approver's step, as the state says
    ),
    "report_lost": Step(
        forms.NoteForm,
        review.report_lost,
        _("The parcel will not arrive. The case goes back to the review, which decides what follows."),
        _("The parcel is reported lost; the case is in review again."),
    ),
    "reopen": Step(
        forms.NoteForm,
        review.reopen,
        _("What was thought settled is not. The case goes back to the review."),
        _("The case is open again."),
    ),
    "supply_information": Step(
        forms.CallersAnswerForm,
        portal.supply_information,
        _("The shopper has answered by telephone or mail; write it down here."),
        _("The answer is recorded; the case is in review again."),
    ),
    "ship": Step(
        forms.CallersShipmentForm,
        portal.ship,
        _("The shopper has told you how the goods travel."),
        _("The shipment is recorded."),
    ),
    "appeal": Step(
        forms.CallersAnswerForm,
        portal.appeal,
        _("The shopper does not accept the rejection; write down why."),
        _("The appeal is recorded; the case is in review again."),
    ),
    "cancel": Step(
        forms.CallersCancellationForm,
        portal.cancel,
        _("The shopper no longer asks for it. The items can be asked for again in a new case."),
        _("The case is withdrawn."),
        tone="danger",
    ),
}
