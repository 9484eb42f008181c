"""Template tags for pages of other apps: panels about plans."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from refunds.models import Resolution
from refunds.plans.offers import offer_of
from refunds.pricing.breakdown import money_of, money_to_approve, paid_by
from refunds.pricing.estimate import estimate_of
from refunds.pricing.queries import approvers, plans_of
from refunds.pricing.rules import needed_approvers
from refunds.pricing.versions import lapsed
from returns.models import Case
from returns.models.evidence import Draft

register = template.Library()


@register.inclusion_tag("refunds/desk/plan_panel.html")
def resolution_panel(case: Case) -> dict[str, Any]:
    """The plan in force with its items, money and approvals; earlier versions folded."""
    versions, tiers = plans_of(case)
    plan = next((version for version in versions if version.superseded_at is None), None)
    context = {"case": case, "plan": plan, "earlier": [version for version in versions if version is not plan]}
    if plan is None:
        return context
    waits = case.status == Case.Status.AWAITING_APPROVAL and plan.approved_at is None
    return context | {
        "items": plan.items.all(),
        "money": money_of(plan) if plan.refunds.all() else money_to_approve(plan),
        "paid_by": paid_by(plan),
        "state": _state(case, plan),
        "waits": waits,
        "approved": len(approvers(plan)),
        "needed": needed_approvers(tiers, plan.total),
    }


@register.inclusion_tag("refunds/portal/offer_panel.html")
def offer_panel(case: Case) -> dict[str, Any]:
    """The shop's counter-offer in words and money, with the shopper's answer."""
    return {"case": case, "offer": offer_of(case)}


@register.inclusion_tag("refunds/portal/refund_estimate.html")
def refund_estimate(draft: Draft) -> dict[str, Any]:
    """The estimated refund of a request, line by line."""
    return {"estimate": estimate_of(draft)}


def _state(case: Case, plan: Resolution) -> dict[str, str | Promise]:
    if plan.approved_at and not lapsed(case, plan):
        return {"label": _("approved"), "tone": "ok"}
    if case.status == Case.Status.AWAITING_APPROVAL:
        return {"label": _("awaiting approval"), "tone": "warn"}
    if case.status == Case.Status.OFFERED:
        return {"label": _("waiting for the shopper"), "tone": "warn"}
    return {"label": _("not carried out"), "tone": "neutral"}
