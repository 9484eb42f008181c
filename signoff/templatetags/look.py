"""Tags and filters of the design system. Reference: docs/look.md; all of it in use at /demo/look/."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from signoff.web import access, formatting, icons, tones

register = template.Library()
register.filter("tone", tones.tone)
register.filter("tone_icon", tones.tone_icon)
register.filter("may_know", access.may_see_amounts)


@register.simple_tag
def icon(name: str, size: int = 18, css: str = "") -> SafeString:
    """``{% icon "inbox" %}``: decorative, the text beside it carries the meaning."""
    return icons.icon_svg(str(name), int(size), str(css))


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """``{{ amount|money:currency }}``."""
    return formatting.money(amount, currency)


@register.filter
def ago(moment: datetime | None) -> str:
    """``{{ moment|ago }}``: a ``<time>`` whose title gives the exact moment."""
    if moment is None:
        return formatting.NONE
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        formatting.machine(moment),
        formatting.exact(moment),
        formatting.ago(moment),
    )


@register.filter
def initials(person: Any) -> str:
    """Two letters of a user, of anything with a name, or of a plain string."""
    return formatting.initials(name_of(person))


@register.filter
def person_name(person: Any) -> str:
    """Display name of a user, a customer or a plain string."""
    return name_of(person)


@register.filter
def hue(person: Any) -> int:
    """The avatar's colour of this person, 1 to 6."""
    return icons.hue(name_of(person))


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


def name_of(person: Any) -> str:
    """Display name; "" for None."""
    if person is None or isinstance(person, str):
        return person or ""
    full_name = getattr(person, "get_full_name", None)
    name = full_name() if full_name else getattr(person, "name", "")
    return name or str(person)
