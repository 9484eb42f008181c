"""Messages to shoppers and survey answers as lists of the desk."""

from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from feedback.messages.filters import MessageFilter
from feedback.messages.topics import TOPICS
from feedback.models import Message, Survey
from feedback.models.readings import SurveyQuerySet
from signoff.web.desk_lists import Column, DeskList, Found
from signoff.web.formatting import name_of
from signoff.web.keyset import Sort, order_of
from signoff.web.lists import choice_of

#: what the list of surveys can be narrowed to
SHOWN = {
    "": _("All"),
    "low": _("Low"),
    "words": _("With comments"),
    "answered": _("Answered"),
    "waiting": _("Not answered"),
}


def find_messages(user: User, query: QueryDict) -> Found:
    """The messages of the filters, the newest first."""
    rows = MessageFilter(query, queryset=Message.objects.all()).qs
    order = order_of(query, {"created": Sort("created_at", descending=True)}, default="-created")
    return Found(rows, order, load=Message.objects.for_list())


def shown_of(query: QueryDict) -> str:
    """What the list of surveys is narrowed to."""
    return choice_of(query, "show", SHOWN)


def find_surveys(user: User, query: QueryDict) -> Found:
    """The surveys of one tab, the newest first."""
    order = order_of(query, {"asked": Sort("asked_at", descending=True)}, default="-asked")
    return Found(_surveys(shown_of(query)), order, load=Survey.objects.for_list())


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


MESSAGES = DeskList(
    name="messages",
    label=_("Messages"),
    url_name="feedback:message-list",
    permission="feedback.view_message",
    columns=[
        Column("matter", _("Case or order"), lambda row: row.matter.number),
        Column("message", _("Message"), lambda row: row.subject),
        Column("to", _("To"), lambda row: row.to),
        Column("topic", _("Topic"), lambda row: str(TOPICS.get(row.topic, row.topic))),
        Column("status", _("Status"), lambda row: row.get_status_display()),
        Column("created", _("Written"), lambda row: row.created_at),
        Column("sent", _("Sent"), lambda row: row.sent_at),
    ],
    find=find_messages,
    ref=lambda row: f"{row.topic}/{row.dedupe_key}",
    zone=lambda row: row.matter.shop.time_zone,
    shown=("matter", "message", "to", "topic", "status"),
)
SURVEYS = DeskList(
    name="surveys",
    label=_("Surveys"),
    url_name="feedback:survey-list",
    permission="feedback.view_survey",
    columns=[
        Column("case", _("Case"), lambda row: row.case.number),
        Column("customer", _("Customer"), lambda row: name_of(row.case.customer) if row.case.customer else ""),
        Column("satisfaction", _("Satisfaction"), lambda row: _answer(row, "satisfaction")),
        Column("ease", _("Ease"), lambda row: _answer(row, "ease")),
        Column("comment", _("Shopper's comment"), lambda row: _answer(row, "words")),
        Column("asked", _("Asked"), lambda row: row.asked_at),
        Column("answered", _("Answered"), lambda row: _answer(row, "answered_at")),
    ],
    find=find_surveys,
    ref=lambda row: row.token,
    zone=lambda row: row.case.shop.time_zone,
)


def _answer(survey: Survey, name: str) -> Any:
    answer = getattr(survey, "answer", None)
    return getattr(answer, name) if answer else None
