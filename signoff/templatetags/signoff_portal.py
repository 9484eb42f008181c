"""What the shopper's pages draw of orders and parcels."""

from typing import Any

from django import template
from django.templatetags.static import static

from signoff.models import OrderLine
from signoff.tracking import way_of

register = template.Library()
register.filter("way_of", way_of)


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
