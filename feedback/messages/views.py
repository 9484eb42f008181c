"""Lists of messages to shoppers and of survey answers."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from feedback.messages.filters import MessageFilter
from feedback.messages.outbox import SEND_AGAIN, NotFailed, send_again
from feedback.models import Message, Survey
from feedback.models.readings import SurveyQuerySet
from feedback.surveys.figures import figures
from signoff.web.access import staff
from signoff.web.form_handling import run_action, show_error_message
from signoff.web.keyset import page_by_key
from signoff.web.lists import choice_of, render_list, tabs_of
from signoff.web.requests import HtmxRequest, StaffRequest

#: what the list of surveys can be narrowed to
SHOWN = {
    "": gettext_lazy("All"),
    "low": gettext_lazy("Low"),
    "words": gettext_lazy("With comments"),
    "answered": gettext_lazy("Answered"),
    "waiting": gettext_lazy("Not answered"),
}


@staff("feedback.view_message")
@require_safe
def message_list(request: HtmxRequest) -> HttpResponse:
    """All messages, the newest first; htmx gets the part that changes."""
    chosen = MessageFilter(request.GET, queryset=Message.objects.for_list(), request=request)
    context = {
        "filter": chosen,
        "page": page_by_key(chosen.qs, key="-created_at", query=request.GET),
        "narrowed": chosen.narrowed,
    }
    return render_list(request, "feedback/desk/messages.html", context)


@staff(SEND_AGAIN)
@require_POST
def message_again(request: StaffRequest, topic: str, number: str, seq: int) -> HttpResponse:
    """Queue an undelivered message again, and go back to the list of its case or order."""
    message = get_object_or_404(Message.objects.for_list(), topic=topic, dedupe_key=f"{number}/{seq}")
    back = reverse("feedback:message-list", query={"q": message.matter.number})
    return run_action(
        request,
        partial(send_again, message, by=request.user),
        done=_("The message will be sent again shortly."),
        next_page=back,
        refusals={NotFailed: show_error_message(request, next_page=back)},
    )


@staff("feedback.view_survey")
@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    """The surveys, newest first, with the averages of the answers."""
    show = choice_of(request.GET, "show", SHOWN)
    context = {
        "page": page_by_key(_surveys(show).for_list(), key="-asked_at", query=request.GET),
        "tabs": tabs_of(SHOWN, active=show, url=_address),
        "stats": figures(),
        "show": show,
    }
    return render(request, "feedback/desk/surveys.html", context)


def _surveys(show: str) -> SurveyQuerySet:
    surveys = Survey.objects
    match show:
        case "low":
            return surveys.low()
        case "words":
            return surveys.with_words()
        case "answered":
            return surveys.answered()
        case "waiting":
            return surveys.unanswered()
    return surveys.all()


def _address(show: str) -> str:
    return reverse("feedback:survey-list", query={"show": show} if show else None)
