"""What this floor adds to the shopper's page of an order."""

from collections.abc import Sequence
from typing import Any

from django import template

from returns.models import Case
from signoff.models import Order, OrderLine

register = template.Library()


@register.inclusion_tag("returns/portal/_request_button.html")
def request_button(order: Order, goods: Sequence[OrderLine]) -> dict[str, Any]:
    """The way to a return, or the sentence that says why there is none."""
    return {"order": order, "anything_left": any(line.available > 0 for line in goods)}


@register.inclusion_tag("returns/portal/_order_cases.html")
def order_cases(order: Order) -> dict[str, Any]:
    """The cases of an order, the newest first."""
    return {"cases": Case.objects.filter(order=order).order_by("-opened_at", "-id")}
