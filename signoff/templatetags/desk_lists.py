"""Tags of the desk's lists: check boxes and the bar of bulk steps, and the tools above a list."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from signoff.bulk.registry import bulk_actions
from signoff.db.counts import capped_label, count_each
from signoff.web.desk_lists import DeskList
from signoff.web.keyset import Page

register = template.Library()
FORM = "bulk"


@register.simple_tag(takes_context=True)
def can_pick(context: Context, desk_list: DeskList | None) -> bool:
    """``{% can_pick desk_list as picks %}``: whether the rows of the list have check boxes for this user."""
    user = context["request"].user
    return bool(desk_list) and any(action.read is None for action in bulk_actions(desk_list.name, user))


@register.simple_tag
def pick_head(picks: bool) -> SafeString | str:
    """``{% pick_head picks %}``: the head of the column of check boxes."""
    words = _("Choose")
    return (
        format_html('<th scope="col" class="pick"><span class="visually-hidden">{}</span></th>', words) if picks else ""
    )


@register.simple_tag
def pick(picks: bool, ref: str, label: str) -> SafeString | str:
    """``{% pick picks case.number case.number %}``: the cell with the check box of a row."""
    if not picks:
        return ""
    box = '<input class="form-check-input" type="checkbox" form="{}" name="row" value="{}" aria-label="{}">'
    return format_html(f'<td class="pick">{box}</td>', FORM, ref, _("Choose %(row)s") % {"row": label})


@register.inclusion_tag("desk/_bulk_bar.html", takes_context=True)
def bulk_bar(context: Context, desk_list: DeskList | None, page: Page) -> dict[str, Any]:
    """``{% bulk_bar desk_list page %}``: the form of the check boxes, with what can be done to the chosen rows."""
    request = context["request"]
    actions = bulk_actions(desk_list.name, request.user) if desk_list else []
    picked = [action for action in actions if action.read is None]
    all_of = ""
    if picked and page.matching is not None and not page.is_whole:
        all_of = capped_label(count_each({"all": page.matching})["all"])
    return {
        "form": FORM,
        "name": desk_list.name if desk_list else "",
        "actions": sorted(picked, key=lambda action: action.primary),
        "all_of": all_of,
        "query": request.GET.urlencode(),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def paste_actions(context: Context, desk_list: DeskList | None) -> list[Any]:
    """``{% paste_actions desk_list as pasted %}``: what can be done by a pasted or uploaded list."""
    user = context["request"].user
    return [action for action in bulk_actions(desk_list.name, user) if action.read] if desk_list else []


_TONES = {"done": "ok", "refused": "danger", "failed": "danger", "moved": "warn", "running": "info"}


@register.filter
def bulk_tone(state: str) -> str:
    """The tone of the state of a bulk step, or of the outcome of one of its rows."""
    return _TONES.get(state, "neutral")
