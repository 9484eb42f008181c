"""Panels of the plan for the pages of lower floors."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from refunds.actions.versions import lapsed
from refunds.estimate import estimate_of
from refunds.models import Approval, ApprovalTier, Item, Refund, Resolution
from refunds.offers import offer_of
from refunds.showing import WITH_ORDERS, money_of, money_to_approve, paid_by
from refunds.tiers import needed
from returns.models import Case
from returns.models.evidence import Draft
from signoff.models import Payment
from signoff.together import Together, lay_out

register = template.Library()

_PLANS = Together(
    lambda case, order, shop: (
        Resolution.objects.filter(case=case).select_related("proposed_by").order_by("-proposed_at", "-pk"),
        Item.objects.filter(resolution__case=case).select_related(*WITH_ORDERS),
        Approval.objects.filter(resolution__case=case).select_related("by"),
        Refund.objects.filter(case=case),
        Payment.objects.filter(order=order),
        ApprovalTier.objects.filter(shop=shop),
    )
)


@register.inclusion_tag("refunds/desk/plan_panel.html")
def resolution_panel(case: Case) -> dict[str, Any]:
    """The plan in force with its items, money and approvals; earlier versions folded."""
    versions, tiers = _read(case)
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
        "given": sum(one.answer == Approval.Answer.APPROVED and one.by_id is not None for one in plan.approvals.all()),
        "needed": needed(tiers, plan.total),
    }


@register.inclusion_tag("refunds/portal/offer_panel.html")
def offer_panel(case: Case) -> dict[str, Any]:
    """The shop's counter-offer in words and money, with the shopper's answer."""
    return {"case": case, "offer": offer_of(case)}


@register.inclusion_tag("refunds/portal/refund_estimate.html")
def refund_estimate(draft: Draft) -> dict[str, Any]:
    """What the refund would be, line by line, if the request is granted as written."""
    return {"estimate": estimate_of(draft)}


def _read(case: Case) -> tuple[list[Resolution], list[ApprovalTier]]:
    """All versions of the plan, the newest first, with what belongs to them; and the tiers of the shop."""
    versions, items, approvals, refunds, payments, tiers = _PLANS.all(case.pk, case.order_id, case.shop_id)
    for version in versions:
        version.case = case
    for name, rows in (("items", items), ("approvals", approvals), ("refunds", refunds)):
        lay_out(versions, name, rows, by="resolution_id")
    orders = [item.line.order_line.order if item.line else item.shipping.order for item in items]
    lay_out([order for order in orders if order.pk == case.order_id], "payments", payments, by="order_id")
    return versions, tiers


def _state(case: Case, plan: Resolution) -> dict[str, str | Promise]:
    if plan.approved_at and not lapsed(case, plan):
        return {"label": _("approved"), "tone": "ok"}
    if case.status == Case.Status.AWAITING_APPROVAL:
        return {"label": _("waits for approval"), "tone": "warn"}
    if case.status == Case.Status.OFFERED:
        return {"label": _("waits for the shopper"), "tone": "warn"}
    return {"label": _("not carried out"), "tone": "neutral"}
