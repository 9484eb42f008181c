"""Panels of this floor that pages of any floor may show."""

from typing import Any

from django import template

from returns.models import Case
from returns.timeline import Audience, told

register = template.Library()


@register.inclusion_tag("components/timeline.html")
def timeline(case: Case, audience: Audience = "desk") -> dict[str, Any]:
    """``{% timeline case audience="shopper" %}``: what happened, the newest first.

    ``case`` should come with its customer and shop joined.
    """
    return {"entries": told(case, audience=audience)}
