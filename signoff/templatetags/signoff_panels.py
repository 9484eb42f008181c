"""Panels about sign-offs on pages of the desk."""

from typing import Any

from django import template
from django.template import Context

from signoff.models import Order
from signoff.signoffs.history import chains_of

register = template.Library()


@register.inclusion_tag("signoff/desk/_sign_offs.html", takes_context=True)
def sign_offs_of(context: Context, order: Order) -> dict[str, Any]:
    """``{% sign_offs_of order %}``: sign-offs of each parcel with their corrections."""
    chains = chains_of(order, order.parcels.all())
    return {"order": order, "chains": chains, "may_sign": context["user"].has_perm("signoff.add_signoff")}
