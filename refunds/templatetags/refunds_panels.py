"""Panels of the plan for the pages of lower floors."""

from typing import Any

from django import template

from returns.models import Case
from returns.models.evidence import Draft

register = template.Library()


@register.inclusion_tag("refunds/desk/plan_panel.html")
def resolution_panel(case: Case) -> dict[str, Any]:
    """The plan in force with its items, money and approvals; earlier versions folded."""
    return {"case": case}


@register.inclusion_tag("refunds/portal/offer_panel.html")
def offer_panel(case: Case) -> dict[str, Any]:
    """The shop's counter-offer in words and money, with the shopper's answer."""
    return {"case": case}


@register.inclusion_tag("refunds/portal/refund_estimate.html")
def refund_estimate(draft: Draft) -> dict[str, Any]:
    """What the refund would be, line by line, if the request is granted as written."""
    return {"draft": draft}
