"""Panels about money: what the desk sees of a case's refunds, and what the shopper sees."""

from typing import Any

from django import template

from returns.models import Case

register = template.Library()


@register.inclusion_tag("refunds/desk/money_panel.html")
def money_panel(case: Case) -> dict[str, Any]:
    """For the desk: the refunds of ``case`` with their states, and its ledger."""
    return {"case": case}


@register.inclusion_tag("refunds/portal/refund_lines.html")
def refund_lines(case: Case) -> dict[str, Any]:
    """For the shopper: what was or will be paid back, how and when."""
    return {"case": case}
