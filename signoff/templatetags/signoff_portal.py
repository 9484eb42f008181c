"""What the shopper's pages draw of orders and parcels."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone

from signoff.models import OrderLine, Parcel, SignOff
from signoff.parcels.progress import steps_of
from signoff.parcels.text import parcel_status
from signoff.signoffs.links import LASTS

register = template.Library()
register.filter("way_of", steps_of)
register.filter("news_of", parcel_status)


@register.filter
def standing_sign_off(parcel: Parcel) -> SignOff | None:
    """The sign-off of a parcel that counts, of those at hand."""
    return max(parcel.sign_offs.all(), key=lambda sign_off: sign_off.pk, default=None)


@register.filter
def can_be_signed_for(parcel: Parcel) -> bool:
    """Whether it makes sense to ask who took the parcel over: not of what comes back, nor of long ago."""
    since = parcel.delivered_at or parcel.shipped_at
    return parcel.direction != Parcel.Direction.RETURN and since is not None and since > timezone.now() - LASTS


@register.filter
def article_address(path: str) -> str:
    """Where the picture at this static path is served; "" where the shop named one that is not there."""
    try:
        return static(path) if path else ""
    except ValueError:  # among the files that are served there is none of this name
        return ""


@register.inclusion_tag("signoff/portal/_article_picture.html")
def article_picture(line: OrderLine) -> dict[str, Any]:
    """The article's picture, or a drawn tile where there is none."""
    return {"address": article_address(line.picture), "name": line.title or line.sku}
