"""Everything this floor keeps about a case's plans, read by one question and laid out on the plans themselves."""

from refunds.models import Approval, ApprovalTier, Item, Refund, Resolution
from refunds.pricing.breakdown import WITH_ORDERS
from returns.models import Case
from signoff.db.prepared.batch import QueryBatch, attach_prefetched
from signoff.models import Payment

_PLANS = QueryBatch(
    lambda case, order, shop: (
        Resolution.objects.filter(case=case).select_related("proposed_by").order_by("-proposed_at", "-pk"),
        Item.objects.filter(resolution__case=case).select_related(*WITH_ORDERS).order_by("pk"),
        Approval.objects.filter(resolution__case=case).select_related("by").order_by("at", "pk"),
        Refund.objects.filter(case=case),
        Payment.objects.filter(order=order),
        ApprovalTier.objects.filter(shop=shop),
    )
)


def plans_of(case: Case) -> tuple[list[Resolution], list[ApprovalTier]]:
    """All versions of the plan, the newest first, with what belongs to them; and the tiers of the shop."""
    versions, items, approvals, refunds, payments, tiers = _PLANS.all(case.pk, case.order_id, case.shop_id)
    for version in versions:
        version.case = case
    for name, rows in (("items", items), ("approvals", approvals), ("refunds", refunds)):
        attach_prefetched(versions, name, rows, by="resolution_id")
    orders = [item.line.order_line.order if item.line else item.shipping.order for item in items]
    attach_prefetched([order for order in orders if order.pk == case.order_id], "payments", payments, by="order_id")
    return versions, tiers


def approvers(plan: Resolution) -> list[int]:
    """Keys of the people who have approved a plan whose approvals are read already."""
    return [one.by_id for one in plan.approvals.all() if one.answer == Approval.Answer.APPROVED and one.by_id]
