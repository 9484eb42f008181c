"""Template filters for parcels and articles on the shopper's pages."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone

from signoff.models import OrderLine, Parcel, SignOff
from signoff.parcels.progress import tracking_steps
from signoff.parcels.text import parcel_status
from signoff.signoffs.links import LINK_LIFETIME

register = template.Library()
register.filter("tracking_steps", tracking_steps)
register.filter("parcel_status", parcel_status)


@register.filter
def current_sign_off(parcel: Parcel) -> SignOff | None:
    """The sign-off in force of a parcel whose sign-offs are prefetched."""
    return max(parcel.sign_offs.all(), key=lambda sign_off: sign_off.pk, default=None)


@register.filter
def can_be_signed_for(parcel: Parcel) -> bool:
    """Whether the sign-off link makes sense: not for returns, nor for old parcels."""
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
