"""Panels about money: what the desk sees of a case's refunds, and what the shopper sees."""

from decimal import Decimal
from typing import Any

from django import template
from django.db.models import QuerySet
from django.template import Context

from refunds.actions.by_hand import waits_for_people
from refunds.actions.ledger import Occasion
from refunds.finance import state_of, store_credit
from refunds.models import Entry, Refund, Replacement
from returns.models import Case
from signoff.together import read_together
from signoff.tones import tone

register = template.Library()


@register.filter
def occasion(text: str) -> str:
    """What an entry's text says in the language of the page."""
    return str(dict(Occasion.choices).get(text, text))


@register.filter
def opposite(amount: Decimal) -> Decimal:
    """A credit, kept as a negative amount, as books show it."""
    return -amount


@register.inclusion_tag("components/badge.html")
def refund_badge(refund: Refund) -> dict[str, Any]:
    """The state of a refund as finance reads it."""
    return {"label": state_of(refund), "tone": "warn" if waits_for_people(refund) else tone(refund.status)}


@register.inclusion_tag("refunds/desk/money_panel.html", takes_context=True)
def money_panel(context: Context, case: Case) -> dict[str, Any]:
    """For the desk: the refunds of ``case`` with their states, what goes out, and its ledger."""
    perms = context["perms"]
    booked = Entry.objects.filter(case=case).order_by("seq")
    refunds, replacements, entries = read_together(
        *_going_out(case), booked if perms["refunds"]["view_entry"] else booked.none()
    )
    return {
        "case": case,
        "refunds": refunds,
        "replacements": replacements,
        "entries": entries,
        "may_open": perms["refunds"]["view_refund"],
        "may_send": perms["refunds"]["send_replacement"],
    }


@register.inclusion_tag("refunds/portal/refund_lines.html")
def refund_lines(case: Case) -> dict[str, Any]:
    """For the shopper: what was or will be paid back, how and when; goods on their way; the store credit."""
    refunds, replacements = read_together(*_going_out(case))
    credited = any(refund.gateway == Refund.Gateway.STORE_CREDIT for refund in refunds)
    return {
        "case": case,
        "refunds": refunds,
        "replacements": replacements,
        "credit": store_credit(case.customer_id) if credited else [],
    }


def _going_out(case: Case) -> tuple[QuerySet[Refund], QuerySet[Replacement]]:
    return (
        Refund.objects.filter(case=case).order_by("pk"),
        Replacement.objects.filter(case=case).select_related("parcel"),
    )
