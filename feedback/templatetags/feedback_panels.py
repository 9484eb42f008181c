"""Panels of this floor that pages of any floor may show."""

from typing import Any

from django import template

from returns.models import Case

register = template.Library()


@register.inclusion_tag("feedback/desk/messages_panel.html")
def messages_panel(case: Case) -> dict[str, Any]:
    """What the shopper was told about ``case``, the newest first."""
    return {"case": case}


@register.inclusion_tag("feedback/portal/survey_panel.html")
def survey_panel(case: Case) -> dict[str, Any]:
    """The shopper's way to the survey of ``case``, or what they answered."""
    return {"case": case}
