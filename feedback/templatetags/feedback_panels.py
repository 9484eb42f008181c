"""Panels of this floor that pages of any floor may show."""

from typing import Any

from django import template
from django.template import Context

from feedback.models import Survey
from feedback.telling import TOPICS
from returns.models import Case

register = template.Library()
SHOWN = 10  # a panel is not the list; it links there


@register.filter
def topic_name(topic: str) -> str:
    """The topic as the desk calls it."""
    return str(TOPICS.get(topic, topic))


@register.inclusion_tag("feedback/desk/messages_panel.html", takes_context=True)
def messages_panel(context: Context, case: Case) -> dict[str, Any]:
    """``{% messages_panel case %}``: what the shopper was told, the newest first; for those who may see it."""
    perms = context.get("perms")
    may = bool(perms) and perms["feedback"]["view_message"]
    return {"case": case, "messages": list(case.messages.all()[:SHOWN]) if may else []}


@register.inclusion_tag("feedback/portal/survey_panel.html")
def survey_panel(case: Case) -> dict[str, Any]:
    """``{% survey_panel case %}``: the shopper's way to the survey, or what they answered."""
    survey = Survey.objects.filter(case=case).select_related("answer").first()
    return {"survey": survey, "answer": getattr(survey, "answer", None)}
