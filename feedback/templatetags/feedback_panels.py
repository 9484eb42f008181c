"""Template tags for pages of other apps: messages and the survey of a case."""

from typing import Any

from django import template
from django.template import Context

from feedback.messages.topics import TOPICS
from feedback.models import Message
from feedback.surveys.queries import survey_of
from returns.models import Case
from signoff.models import Order

register = template.Library()

SHOWN = 10  # a panel is not the list; it links there


@register.filter
def topic_name(topic: str) -> str:
    """The topic as the desk calls it."""
    return str(TOPICS.get(topic, topic))


@register.inclusion_tag("feedback/desk/messages_panel.html", takes_context=True)
def messages_panel(context: Context, case: Case) -> dict[str, Any]:
    """``{% messages_panel case %}``: messages to the shopper, newest first, for users with permission."""
    return {"number": case.number, "messages": list(case.messages.all()[:SHOWN]) if _may_see(context) else []}


@register.inclusion_tag("feedback/desk/messages_panel.html", takes_context=True)
def parcel_messages(context: Context, order: Order) -> dict[str, Any]:
    """``{% parcel_messages order %}``: the same about the order's parcels; its cases have a panel each."""
    rows = Message.objects.of_parcels(order)[:SHOWN] if _may_see(context) else []
    return {"number": order.number, "messages": list(rows)}


@register.inclusion_tag("feedback/portal/survey_panel.html")
def survey_panel(case: Case) -> dict[str, Any]:
    """``{% survey_panel case %}``: the link to the shopper's survey, or the answer."""
    survey = survey_of(case)
    return {"survey": survey, "answer": getattr(survey, "answer", None)}


def _may_see(context: Context) -> bool:
    perms = context.get("perms")
    return bool(perms and perms["feedback"]["view_message"])
