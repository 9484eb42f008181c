"""Survey page of the shopper, opened with the token from the mail."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from feedback.models import Answer, Survey
from feedback.surveys.actions import AlreadyAnswered, answer, answer_and_close
from feedback.surveys.forms import AnswerForm, ClosingAnswerForm
from feedback.surveys.queries import survey_by_token
from returns.models import Case
from signoff.lookup.session import entered_orders
from signoff.web.access import public
from signoff.web.conflict import conflict
from signoff.web.form_handling import handle_form


@public
@never_cache
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """The survey with its two questions, or thanks if it is answered. GET changes nothing.

    The token allows only the answer: the case number is shown only to a browser that has looked up the order.
    """
    sent_survey = survey_by_token(token)
    if sent_survey is None:
        raise Http404
    number = sent_survey.case.number if sent_survey.case.order_id in entered_orders(request) else ""
    context = {"survey": sent_survey, "case": sent_survey.case, "shop": sent_survey.case.shop, "number": number}
    if hasattr(sent_survey, "answer"):
        return _second_answer(request, sent_survey) or render(request, "feedback/portal/thanks.html", context)
    can_close = sent_survey.case.status == Case.Status.RESOLVED
    form = (ClosingAnswerForm if can_close else AnswerForm)(request.POST or None)
    thanks = reverse("feedback:survey", args=[sent_survey.token])

    def show_earlier_answer(_refusal: AlreadyAnswered) -> HttpResponse:
        return _second_answer(request, Survey.objects.select_related("answer").get(pk=sent_survey.pk)) or redirect(
            thanks
        )

    return handle_form(
        request,
        form,
        page=lambda: render(request, "feedback/portal/survey.html", {**context, "form": form}),
        action=partial(_answer, sent_survey),
        next_page=thanks,
        refusals={AlreadyAnswered: show_earlier_answer},
    )


def _answer(survey_to_answer: Survey, *, close: bool = False, **values: Any) -> Answer:
    return answer_and_close(survey_to_answer, **values) if close else answer(survey_to_answer, **values)


def _second_answer(request: HttpRequest, sent_survey: Survey) -> HttpResponse | None:
    """None for the same answer sent twice; another comment is shown on the conflict page, to be copied."""
    form = AnswerForm(request.POST)
    words = (form["words"].value() or "").strip()
    if not words or words == sent_survey.answer.words:
        return None
    why = _("You've already answered, so we couldn't add this comment. To tell us more, please send us an e-mail.")
    return conflict(request, why, back=reverse("feedback:survey", args=[sent_survey.token]), forms=[form])
