"""Template tags and filters about orders, parcels, sign-offs and imports."""

from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone

from signoff.imports.jobs import text as jobs
from signoff.models import Order, OrderLine, Parcel, SignOff
from signoff.parcels.contents import is_settled
from signoff.parcels.progress import tracking_steps
from signoff.parcels.text import parcel_status
from signoff.signoffs.history import chains_of
from signoff.signoffs.links import LINK_LIFETIME

register = template.Library()
register.filter("tracking_steps", tracking_steps)
register.filter("parcel_status", parcel_status)
register.filter("format_name", jobs.format_name)
register.filter("import_tone", jobs.import_tone)


@register.inclusion_tag("signoff/desk/_sign_offs.html", takes_context=True)
def sign_offs_of(context: Context, order: Order) -> dict[str, Any]:
    """``{% sign_offs_of order %}``: sign-offs of each parcel with their corrections."""
    chains = chains_of(order, order.parcels.all())
    return {"order": order, "chains": chains, "may_sign": context["user"].has_perm("signoff.add_signoff")}


@register.filter
def current_sign_off(parcel: Parcel) -> SignOff | None:
    """The sign-off in force of a parcel whose sign-offs are prefetched."""
    return max(parcel.sign_offs.all(), key=lambda sign_off: sign_off.pk, default=None)


@register.filter
def can_be_signed_for(parcel: Parcel) -> bool:
    """Whether the sign-off link makes sense: not for returns, old parcels, nor where a case has settled everything."""
    if is_settled(parcel):
        return False
    since = parcel.delivered_at or parcel.shipped_at
    return parcel.direction != Parcel.Direction.RETURN and since is not None and since > timezone.now() - LINK_LIFETIME


@register.filter
def article_address(path: str) -> str:
    """URL of the picture at this static path; "" if there is no such file."""
    try:
        return static(path) if path else ""
    except ValueError:  # among the files that are served there is none of this name
        return ""


@register.inclusion_tag("signoff/portal/_article_picture.html")
def article_picture(line: OrderLine) -> dict[str, Any]:
    """The article's picture, or a drawn placeholder."""
    return {"address": article_address(line.picture), "name": line.title or line.sku}
