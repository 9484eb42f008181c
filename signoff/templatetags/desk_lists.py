"""Tags of the desk's lists: check boxes and the bar of bulk steps, and the tools above a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from signoff.bulk.registry import BulkAction, bulk_actions
from signoff.saved_views.queries import ViewLink, view_links
from signoff.web.desk_lists import Column, DeskList
from signoff.web.keyset import Head, Page

register = template.Library()
FORM = "bulk"


@register.simple_tag(takes_context=True)
def can_pick(context: Context, desk_list: DeskList | None) -> bool:
    """``{% can_pick desk_list as picks %}``: whether the rows of the list have check boxes for this user.

    A view may say ``read_only`` of a tab on which nothing is done.
    """
    if not desk_list or context.get("read_only"):
        return False
    return any(action.read is None for action in bulk_actions(desk_list.name, context["request"].user))


@register.simple_tag
def pick_head(picks: bool) -> SafeString | str:
    """``{% pick_head picks %}``: the head of the column of check boxes, with one for the page where scripts run."""
    if not picks:
        return ""
    box = '<input class="form-check-input" type="checkbox" data-pick-page aria-label="{}" hidden>'
    head = f'<th scope="col" class="pick"><span class="visually-hidden">{{}}</span>{box}</th>'
    return format_html(head, _("Choose"), _("Choose all rows of this page"))


@register.simple_tag
def pick(picks: bool, ref: str, label: str, amount: Decimal | None = None, currency: str = "") -> SafeString | str:
    """``{% pick picks case.number case.number %}``: the cell with the check box of a row.

    Amounts of the chosen rows are added up in the bar, those of each currency by themselves.
    """
    if not picks:
        return ""
    money = format_html(' data-amount="{}" data-currency="{}"', str(amount), currency) if currency else ""
    box = '<input class="form-check-input" type="checkbox" form="{}" name="row" value="{}" aria-label="{}"{}>'
    return format_html(f'<td class="pick">{box}</td>', FORM, ref, _("Choose %(row)s") % {"row": label}, money)


@dataclass(frozen=True)
class Tools:
    """What a list offers beside its rows: orders, columns, saved views, exports, and steps for chosen rows."""

    desk_list: DeskList
    orders: list[tuple[str, Head]]
    columns: list[tuple[Column, bool]]
    views: list[ViewLink]
    query: str
    picks: list[BulkAction]
    all_of: str
    hidden: str

    @property
    def order_label(self) -> str:
        """The label of the order that is chosen."""
        return next((label for label, head in self.orders if head.direction != "none"), "")


@register.simple_tag(takes_context=True)
def tools_of(context: Context, desk_list: DeskList | None, page: Page) -> Tools | None:
    """``{% tools_of desk_list page as tools %}``; two queries at most.

    A view that has counted the rows of all pages says so in ``matching_count``, which saves one.
    """
    if not desk_list:
        return None
    request = context["request"]
    picked = [] if context.get("read_only") else bulk_actions(desk_list.name, request.user)
    picked = [action for action in picked if action.read is None]
    counted, more = context.get("matching_count", ""), bool(picked) and not page.is_whole
    matching = page.matching if more and not counted else None
    views, all_of = view_links(desk_list, request.user, request.GET, matching=matching)
    available, chosen = desk_list.columns_for(request.user), desk_list.shown_columns(request.user, request.GET)
    labels = {column.name: str(column.label) for column in available}
    heads = {name: page.order.head(name) for name in page.order.sorts} if page.order else {}
    return Tools(
        desk_list,
        [(labels.get(name, name), head) for name, head in heads.items() if head],
        [(column, column in chosen) for column in available],
        views,
        request.GET.urlencode(),
        picked,
        counted if more and counted else all_of,
        " ".join(_hidden(desk_list, available, chosen, first=2 if picked else 1)),
    )


def _hidden(desk_list: DeskList, available: list[Column], chosen: list[Column], *, first: int) -> Iterator[str]:
    """Classes that hide columns of the page; the first one, which names the row, stays."""
    names, kept = {column.name for column in available}, {column.name for column in chosen}
    shown = [name for name in desk_list.shown if name in names]
    for place, name in enumerate(shown[1:], start=first + 1):
        if name not in kept:
            yield f"hide-{place}"


@register.simple_tag(takes_context=True)
def paste_actions(context: Context, desk_list: DeskList | None) -> list[Any]:
    """``{% paste_actions desk_list as pasted %}``: what can be done by a pasted or uploaded list."""
    if not desk_list:
        return []
    return [action for action in bulk_actions(desk_list.name, context["request"].user) if action.read]


_TONES = {"done": "ok", "refused": "danger", "failed": "danger", "moved": "warn", "running": "info"}


@register.filter
def bulk_tone(state: str) -> str:
    """The tone of the state of a bulk step, or of the outcome of one of its rows."""
    return _TONES.get(state, "neutral")
