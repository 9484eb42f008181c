"""What the shopper's pages draw of orders and parcels."""

from typing import Any

from django import template
from django.templatetags.static import static

from signoff.models import OrderLine
from signoff.tracking import way_of

register = template.Library()
register.filter("way_of", way_of)


@register.inclusion_tag("signoff/portal/_article_picture.html")
def article_picture(line: OrderLine) -> dict[str, Any]:
    """The article's picture, or a drawn tile where there is none."""
    return {"address": _address(line.picture), "name": line.title or line.sku}


def _address(path: str) -> str:
    try:
        return static(path) if path else ""
    except ValueError:  # named by the shop, but not among the files that are served
        return ""
