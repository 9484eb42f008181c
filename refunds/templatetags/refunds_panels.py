"""Template tags about plans and money of a case, for the desk and for the shopper."""

from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from refunds.finance.queries import paid_out, state_of
from refunds.ledger.booking import Occasion
from refunds.ledger.queries import store_credit
from refunds.models import Refund, Resolution
from refunds.payees.queries import payee_of, waits_for_payee
from refunds.payouts.manual import waits_for_people
from refunds.plans.offers import offer_of
from refunds.plans.promise import promise_of
from refunds.pricing.breakdown import money_of, money_to_approve, refunded_elsewhere
from refunds.pricing.estimate import estimate_of
from refunds.pricing.queries import approvers, plans_of
from refunds.pricing.rules import needed_approvers
from refunds.pricing.versions import lapsed
from refunds.settlement.debts import is_stopped
from refunds.ways.text import provider_of, way_for_shopper, way_label
from returns.lifecycle.states import STATES
from returns.models import Case
from returns.models.evidence import Draft
from signoff.orders.shipping_address import shipping_address, shipping_phone
from signoff.web.tones import tone

register = template.Library()
register.filter("ship_to", shipping_address)
register.filter("ship_phone", shipping_phone)


@register.inclusion_tag("refunds/desk/plan_panel.html")
def resolution_panel(case: Case) -> dict[str, Any]:
    """The plan in force with its items, money and approvals; earlier versions folded."""
    plans = plans_of(case)
    plan = next((version for version in plans.versions if version.superseded_at is None), None)
    context = {
        "case": case,
        "plan": plan,
        "earlier": [version for version in plans.versions if version is not plan],
        "refunded_elsewhere": refunded_elsewhere(plans.payments, case.order),
    }
    if plan is None:
        return context
    waits = case.status == Case.Status.AWAITING_APPROVAL and plan.approved_at is None
    return context | {
        "items": plan.items.all(),
        "money": money_of(plan) if plan.refunds.all() else money_to_approve(plan),
        "state": _state(case, plan),
        "waits": waits,
        "approved": len(approvers(plan)),
        "needed": needed_approvers(plans.tiers, plan.total),
    }


@register.inclusion_tag("refunds/portal/offer_panel.html")
def offer_panel(case: Case) -> dict[str, Any]:
    """The shop's counter-offer in words and money, with the shopper's answer."""
    return {"case": case, "offer": offer_of(case)}


@register.inclusion_tag("refunds/portal/promise.html")
def promise_panel(case: Case) -> dict[str, Any]:
    """What the shopper gets, until there are refunds that say so themselves; an offer says it on its own card."""
    return {"promise": None if STATES[case.status].says_amount else promise_of(case)}


@register.inclusion_tag("refunds/portal/refund_estimate.html")
def refund_estimate(draft: Draft) -> dict[str, Any]:
    """The estimated refund of a request, line by line."""
    return {"estimate": estimate_of(draft)}


def _state(case: Case, plan: Resolution) -> dict[str, str | Promise]:
    if case.status == Case.Status.OFFERED:
        return {"label": _("waiting for the shopper"), "tone": "warn"}
    if plan.approved_at and not lapsed(case, plan):
        return {"label": _("approved"), "tone": "ok"}
    if case.status == Case.Status.AWAITING_APPROVAL:
        return {"label": _("awaiting approval"), "tone": "warn"}
    return {"label": _("not carried out"), "tone": "neutral"}


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


@register.inclusion_tag("refunds/desk/refund_where.html")
def refund_where(refund: Refund) -> dict[str, Any]:
    """Where the money of a refund goes: payee, provider and references."""
    return {"refund": refund, "name": provider_of(refund.gateway, refund.payment)}


@register.filter
def waits_for_finance(refund: Refund) -> bool:
    """Whether a person has to do something about the refund."""
    return waits_for_people(refund)


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


@register.filter
def way_to_staff(refund: Refund) -> str:
    """How the money of a refund goes back, for the desk."""
    return way_label(refund.gateway, refund.payment)


@register.filter
def way_to_shopper(refund: Refund) -> str:
    """How the money of a refund goes back, as it follows the amount."""
    return way_for_shopper(refund.gateway, refund.payment)


@register.inclusion_tag("refunds/portal/refund_lines.html")
def refund_lines(case: Case) -> dict[str, Any]:
    """Refunds, replacements and store credit, for the shopper; a stopped refund is none."""
    refunds, replacements, _entries = paid_out(case)
    refunds = [refund for refund in refunds if not is_stopped(refund)]
    credited = any(refund.gateway == Refund.Gateway.STORE_CREDIT for refund in refunds)
    asks = waits_for_payee(refunds)
    return {
        "case": case,
        "refunds": refunds,
        "replacements": replacements,
        "credit": store_credit(case.customer_id) if credited else [],
        "asks_for_payee": asks,
        "payee": payee_of(case) if asks else None,
    }
