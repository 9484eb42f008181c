"""Template tags about money: refunds of a case for the desk and for the shopper."""

from decimal import Decimal
from typing import Any

from django import template
from django.template import Context

from refunds.finance.queries import paid_out, state_of
from refunds.ledger.booking import Occasion
from refunds.ledger.queries import store_credit
from refunds.models import Refund
from refunds.payouts.manual import waits_for_people
from returns.models import Case
from signoff.web.tones import tone

register = template.Library()


@register.filter
def occasion(text: str) -> str:
    """The occasion of an entry in the language of the page."""
    return str(dict(Occasion.choices).get(text, text))


@register.filter
def opposite(amount: Decimal) -> Decimal:
    """The amount with the opposite sign: credits are stored as negative amounts."""
    return -amount


@register.inclusion_tag("components/badge.html")
def refund_badge(refund: Refund) -> dict[str, Any]:
    """The state of a refund as finance reads it."""
    return {"label": state_of(refund), "tone": "warn" if waits_for_people(refund) else tone(refund.status)}


@register.inclusion_tag("refunds/desk/money_panel.html", takes_context=True)
def money_panel(context: Context, case: Case) -> dict[str, Any]:
    """The refunds of ``case``, its replacements and its ledger, for the desk."""
    perms = context["perms"]
    refunds, replacements, entries = paid_out(case, with_entries=perms["refunds"]["view_entry"])
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
    """Refunds, replacements and store credit, for the shopper."""
    refunds, replacements, _entries = paid_out(case)
    credited = any(refund.gateway == Refund.Gateway.STORE_CREDIT for refund in refunds)
    return {
        "case": case,
        "refunds": refunds,
        "replacements": replacements,
        "credit": store_credit(case.customer_id) if credited else [],
    }
