"""The shopper's answer to the question afterwards. The token from the mail is the key."""

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
    """Two questions; whoever has answered is thanked. Opening the address changes nothing.

    The token lets its holder answer, no more: the case is named only to a browser that has entered its order.
    """
    found = survey_by_token(token)
    if found is None:
        raise Http404
    number = found.case.number if found.case.order_id in entered_orders(request) else ""
    context = {"survey": found, "case": found.case, "shop": found.case.shop, "number": number}
    if hasattr(found, "answer"):
        return _not_twice(request, found) or render(request, "feedback/portal/thanks.html", context)
    can_close = found.case.status == Case.Status.RESOLVED
    form = (ClosingAnswerForm if can_close else AnswerForm)(request.POST or None)
    thanks = reverse("feedback:survey", args=[found.token])

    def show_earlier_answer(_refusal: AlreadyAnswered) -> HttpResponse:
        return _not_twice(request, Survey.objects.select_related("answer").get(pk=found.pk)) or redirect(thanks)

    return handle_form(
        request,
        form,
        page=lambda: render(request, "feedback/portal/survey.html", {**context, "form": form}),
        action=partial(_answer, found),
        next_page=thanks,
        refusals={AlreadyAnswered: show_earlier_answer},
    )


def _answer(found: Survey, *, close: bool = False, **values: Any) -> Answer:
    return answer_and_close(found, **values) if close else answer(found, **values)


def _not_twice(request: HttpRequest, found: Survey) -> HttpResponse | None:
    """None where the same answer was sent twice: it is in. Other words, from another window, are shown to be kept."""
    form = AnswerForm(request.POST)
    words = (form["words"].value() or "").strip()
    if not words or words == found.answer.words:
        return None
    why = _("You've already answered, so we couldn't add this comment. To tell us more, please send us an e-mail.")
    return conflict(request, why, back=reverse("feedback:survey", args=[found.token]), forms=[form])
