"""Template tags: panels of this app for pages of any app."""

from typing import Any

from django import template
from django.template import Context

from returns.lifecycle.progress import stages
from returns.logbook.queries import log_of
from returns.logbook.timeline import Audience, timeline_of
from returns.models import Case
from signoff.models import Order
from signoff.web.access import may_see_amounts

register = template.Library()


@register.inclusion_tag("components/timeline.html")
def timeline(case: Case, audience: Audience = "desk") -> dict[str, Any]:
    """``{% timeline case audience="shopper" %}``: what happened, the newest first.

    ``case`` should come with its customer and shop joined.
    """
    return {"entries": timeline_of(case, audience=audience)}


@register.inclusion_tag("components/stepper.html")
def progress(case: Case) -> dict[str, Any]:
    """``{% progress case %}``: the stages done, now and ahead."""
    return {"steps": stages(case.status, [entry.target for entry in log_of(case)])}


@register.inclusion_tag("returns/desk/_order_cases.html", takes_context=True)
def cases_of_order(context: Context, order: Order) -> dict[str, Any]:
    """For the desk's page of an order: its cases, the newest first."""
    return {
        "cases": order.cases.select_related("order").order_by("-opened_at", "-id"),
        "may_know": may_see_amounts(context["user"]),
    }
