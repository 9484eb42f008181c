"""Panels about money: what the desk sees of a case's refunds, and what the shopper sees."""

from decimal import Decimal
from typing import Any

from django import template
from django.db.models import QuerySet
from django.template import Context

from refunds.finance.queries import state_of
from refunds.ledger.booking import Occasion
from refunds.ledger.queries import store_credit
from refunds.models import Entry, Refund, Replacement
from refunds.payouts.manual import waits_for_people
from returns.models import Case
from signoff.db.prepared.batch import QueryBatch
from signoff.web.tones import tone

register = template.Library()


def _going_out(case: Any) -> tuple[QuerySet, ...]:
    return (
        Refund.objects.filter(case=case).order_by("pk"),
        Replacement.objects.filter(case=case).select_related("parcel"),
    )


_OUT = QueryBatch(_going_out)
_BOOKED = QueryBatch(lambda case: (*_going_out(case), Entry.objects.filter(case=case).order_by("seq")))


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
    refunds, replacements, *booked = (_BOOKED if perms["refunds"]["view_entry"] else _OUT).all(case.pk)
    return {
        "case": case,
        "refunds": refunds,
        "replacements": replacements,
        "entries": booked[0] if booked else [],
        "may_open": perms["refunds"]["view_refund"],
        "may_send": perms["refunds"]["send_replacement"],
    }


@register.inclusion_tag("refunds/portal/refund_lines.html")
def refund_lines(case: Case) -> dict[str, Any]:
    """For the shopper: what was or will be paid back, how and when; goods on their way; the store credit."""
    refunds, replacements = _OUT.all(case.pk)
    credited = any(refund.gateway == Refund.Gateway.STORE_CREDIT for refund in refunds)
    return {
        "case": case,
        "refunds": refunds,
        "replacements": replacements,
        "credit": store_credit(case.customer_id) if credited else [],
    }
