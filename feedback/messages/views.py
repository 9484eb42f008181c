"""Lists of messages to shoppers and of survey answers."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.messages.filters import MessageFilter
from feedback.messages.listing import MESSAGES, SHOWN, SURVEYS, shown_of
from feedback.messages.outbox import SEND_AGAIN, NotFailed, send_again
from feedback.models import Message
from feedback.surveys.figures import figures
from signoff.web.access import staff
from signoff.web.form_handling import run_action, show_error_message
from signoff.web.lists import render_list, tabs_of
from signoff.web.requests import StaffRequest


@staff("feedback.view_message")
@require_safe
def message_list(request: StaffRequest) -> HttpResponse:
    """All messages, the newest first; htmx gets the part that changes."""
    chosen = MessageFilter(request.GET, queryset=Message.objects.none())
    context = {
        "filter": chosen,
        "desk_list": MESSAGES,
        "page": MESSAGES.find(request.user, request.GET).page(),
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
def survey_list(request: StaffRequest) -> HttpResponse:
    """The surveys, newest first, with the averages of the answers."""
    show = shown_of(request.GET)
    context = {
        "desk_list": SURVEYS,
        "page": SURVEYS.find(request.user, request.GET).page(),
        "tabs": tabs_of(SHOWN, active=show, url=_address),
        "stats": figures(),
        "show": show,
    }
    return render(request, "feedback/desk/surveys.html", context)


def _address(show: str) -> str:
    return reverse("feedback:survey-list", query={"show": show} if show else None)
