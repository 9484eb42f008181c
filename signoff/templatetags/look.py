"""Tags and filters of the design system. Reference: docs/look.md; all of it in use at /demo/look/."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from signoff.web import access, formatting, icons, next_item, tones, undo
from signoff.web.keyset import Order

register = template.Library()
register.filter("tone", tones.tone)
register.filter("tone_icon", tones.tone_icon)
register.filter("may_know", access.may_see_amounts)
register.filter("undo_token", undo.undo_token)


@register.simple_tag
def icon(name: str, size: int = 18, css: str = "") -> SafeString:
    """``{% icon "inbox" %}``: decorative, the text beside it carries the meaning."""
    return icons.icon_svg(str(name), int(size), str(css))


@register.simple_tag
def go_on(queue: str) -> str:
    """``{% go_on "cases" as value %}``: value of a button that goes on to the next item, for ``next_item.FIELD``."""
    return next_item.go_on_value(queue)


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """``{{ amount|money:currency }}``."""
    return formatting.money(amount, currency)


@register.filter
def ago(moment: datetime | None, zone: str = "") -> str:
    """``{{ moment|ago }}``: a ``<time>`` whose title gives the exact moment and its zone."""
    if moment is None:
        return formatting.NONE
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        formatting.machine(moment),
        formatting.legal_moment(moment, zone),
        formatting.ago(moment, zone=zone),
    )


@register.filter
def legal_moment(moment: datetime, shop: Any) -> str:
    """``{{ sign_off.signed_at|legal_moment:shop }}``: date, time and the name of the shop's zone."""
    return formatting.legal_moment(moment, shop.time_zone)


class ShopTime(template.Node):
    """Renders its content in the time zone of the first argument that belongs to a shop."""

    def __init__(self, things: Sequence[FilterExpression], nodelist: NodeList) -> None:
        self.things, self.nodelist = things, nodelist

    def render(self, context: Context) -> SafeString:
        shops = (_shop_of(thing.resolve(context, ignore_failures=True)) for thing in self.things)
        shop = next((shop for shop in shops if shop is not None), None)
        if shop is None:
            return self.nodelist.render(context)
        with timezone.override(shop.time_zone):
            return self.nodelist.render(context)


@register.tag
def shoptime(parser: Parser, token: Token) -> ShopTime:
    """``{% shoptime shop case order %}…{% endshoptime %}``: moments inside are written in the shop's time zone.

    Takes shops and rows with a ``shop``; those that are missing or None are passed over. Without any, the
    installation's zone is kept.
    """
    things = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse(("endshoptime",))
    parser.delete_first_token()
    return ShopTime(things, nodelist)


def _shop_of(thing: Any) -> Any:
    """The shop of a row, or the thing itself where it has a time zone."""
    return thing if getattr(thing, "time_zone", "") else getattr(thing, "shop", None)


@register.filter
def initials(person: Any) -> str:
    """Two letters of a user, of anything with a name, or of a plain string."""
    return formatting.initials(formatting.name_of(person))


@register.filter
def person_name(person: Any) -> str:
    """Display name of a user, a customer or a plain string."""
    return formatting.name_of(person)


@register.filter
def hue(person: Any) -> int:
    """The avatar's colour of this person, 1 to 6."""
    return icons.hue(formatting.name_of(person))


@register.filter
def due_words(due: datetime | None) -> str:
    """``{{ case.due_at|due_words }}``: "2 d left" or "4 h late"."""
    return formatting.promise(due, None).words


@register.inclusion_tag("components/promise.html")
def promise(due: datetime | None, since: datetime | None = None) -> dict[str, Any]:
    """``{% promise case.due_at case.status_since %}``: a bar and the words under it."""
    return {"promise": formatting.promise(due, since)}


@register.inclusion_tag("components/sparkline.html")
def sparkline(values: Sequence[float]) -> dict[str, str]:
    """``{% sparkline numbers %}``: decorative, the figures are written beside it."""
    return {"points": icons.sparkline(values)}


@register.inclusion_tag("components/sort_head.html")
def sort_head(order: Order | None, name: str, label: str, css: str = "") -> dict[str, Any]:
    """``{% sort_head page.order "due" _("Time left") "num" %}``: a column's head, a link if the list can be sorted."""
    return {"head": order.head(name) if order else None, "label": label, "css": css}
