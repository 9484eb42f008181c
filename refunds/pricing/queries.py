"""Queries for plans, items, payments and charges; the only module here that uses compiled queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from refunds.models import Approval, ApprovalTier, Item, Refund, Resolution
from returns.models import Case, Line
from signoff.db.lookups import any_of
from signoff.db.prepared.batch import QueryBatch, attach_prefetched, is_prefetched
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import Order, OrderLine, Payment, ShippingCharge

_WITH_ORDERS = ("line__order_line__order", "shipping__order")  # joins of an item

_ALL_PLANS = QueryBatch(
    lambda case, order, shop: (
        Resolution.objects.filter(case=case).select_related("proposed_by").order_by("-proposed_at", "-pk"),
        Item.objects.filter(resolution__case=case).select_related(*_WITH_ORDERS).order_by("pk"),
        Approval.objects.filter(resolution__case=case).select_related("by").order_by("at", "pk"),
        Refund.objects.filter(case=case),
        Payment.objects.filter(order=order),
        ApprovalTier.objects.filter(shop=shop),
    )
)
_PLAN_AND_PAYMENTS = QueryBatch(
    lambda case, order: (
        Resolution.objects.filter(case=case, superseded_at=None),
        Item.objects.filter(resolution__case=case, resolution__superseded_at=None)
        .select_related(*_WITH_ORDERS)
        .order_by("pk"),
        Refund.objects.filter(case=case, resolution__superseded_at=None)
        .select_related("payment__order")
        .order_by("payment__position", "pk"),
        Payment.objects.filter(order=order).order_by("position"),
        ShippingCharge.objects.filter(order=order).order_by("pk"),
    )
)
_PLAN_IN_FORCE = CompiledQuery(lambda case: Resolution.objects.filter(case_id=case, superseded_at=None))
_ITEMS_OF_PLAN = CompiledQuery(
    lambda plan: (
        Item.objects.select_related("line__order_line__order", "line__reason", "shipping__order")
        .filter(resolution_id=plan)
        .order_by("pk")
    )
)
_APPROVALS_OF_PLAN = CompiledQuery(lambda plan: Approval.objects.filter(resolution_id=plan))
_FAILED = Refund.objects.filter(resolution=OuterRef("resolution"), status=Refund.Status.FAILED)
_SETTLED_ITEMS = CompiledQuery(
    lambda case: (
        Item.objects.filter(
            resolution__in=Resolution.objects.filter(case_id=case, refunds__isnull=False).order_by().values("pk"),
            line__isnull=False,
            gross__gt=0,
        )
        .annotate(unpaid=Exists(_FAILED))
        .order_by("resolution_id", "pk")
    )
)
_CHARGES_OF_ORDER = CompiledQuery(lambda order: ShippingCharge.objects.filter(order_id=order))
_PAYMENTS_OF_ORDER = CompiledQuery(lambda order: Payment.objects.filter(order_id=order))
_PAYMENTS_BY_KEY = CompiledQuery(
    lambda keys: Payment.objects.select_related("order").filter(any_of("pk", keys)).order_by()
)
_ORDER_LINES = CompiledQuery(lambda order, keys: OrderLine.objects.filter(any_of("pk", keys), order=order))
_HELD_UNITS = CompiledQuery(
    lambda lines: (
        Line.objects.filter(any_of("order_line_id", lines), holds=True).order_by().values_list("order_line_id", "units")
    )
)


@dataclass(frozen=True)
class Plans:
    """All versions of the plan of a case, newest first; the shop's tiers; the payments of the case's order."""

    versions: list[Resolution]
    tiers: list[ApprovalTier]
    payments: list[Payment]


def plans_of(case: Case) -> Plans:
    """All versions of the plan with items, approvals and refunds prefetched, by one query."""
    versions, items, approvals, refunds, payments, tiers = _ALL_PLANS.all(case.pk, case.order_id, case.shop_id)
    for version in versions:
        version.case = case
    for name, rows in (("items", items), ("approvals", approvals), ("refunds", refunds)):
        attach_prefetched(versions, name, rows, by="resolution_id")
    orders = [item.line.order_line.order if item.line else item.shipping.order for item in items]
    attach_prefetched([order for order in orders if order.pk == case.order_id], "payments", payments, by="order_id")
    return Plans(versions, tiers, payments)


def plan_with_payments(case: Case) -> Resolution | None:
    """The plan in force with items and refunds, and payments and charges of the case's order, all by one query."""
    plans, items, refunds, payments, charges = _PLAN_AND_PAYMENTS.all(case.pk, case.order_id)
    attach_prefetched(plans, "items", items, by="resolution_id")
    attach_prefetched(plans, "refunds", refunds, by="resolution_id")
    orders = [item.line.order_line.order if item.line else item.shipping.order for item in items]
    own = [case.order, *(order for order in orders if order.pk == case.order_id)]
    attach_prefetched(own, "payments", payments, by="order_id")
    attach_prefetched(own, "shipping", charges, by="order_id")
    for row in [*payments, *charges]:
        row.order = case.order
    for plan in plans:
        plan.case = case
    return plans[0] if plans else None


def refunds_by_payment(plan: Resolution) -> list[Refund]:
    """The refunds of ``plan``, each with its payment, in the payments' order; no query where they are prefetched."""
    if is_prefetched(plan, "refunds"):
        return list(plan.refunds.all())
    return list(plan.refunds.select_related("payment__order").order_by("payment__position", "pk"))


def plan_in_force(case: Case) -> Resolution | None:
    """The version of the plan in force; rejected, replaced and returned ones are not."""
    return _PLAN_IN_FORCE.first(case.pk, case=case)


def plan_with_items(case: Case) -> Resolution | None:
    """``plan_in_force`` with its items, their articles, orders and charges, and its approvals prefetched."""
    plan = plan_in_force(case)
    if plan is not None:
        attach_prefetched([plan], "items", _ITEMS_OF_PLAN.all(plan.pk, resolution=plan), by="resolution_id")
        attach_prefetched([plan], "approvals", _APPROVALS_OF_PLAN.all(plan.pk, resolution=plan), by="resolution_id")
    return plan


def approvers(plan: Resolution) -> list[int]:
    """Primary keys of the people who have approved a plan whose approvals are prefetched."""
    approvals = plan.approvals.all()
    return [row.by_id for row in approvals if row.answer == Approval.Answer.APPROVED and row.by_id]


def items_with_orders(plan: Resolution) -> Iterable[Item]:
    """Items of the plan, each with its order joined; no query where they are prefetched."""
    items = plan.items.all()
    return items if is_prefetched(plan, "items") else items.select_related(*_WITH_ORDERS)


def settled_items(case: Case) -> list[Item]:
    """Items of earlier plans of the case that were reserved or paid, oldest first.

    ``unpaid`` says whether a refund of the item's plan has failed, so that less than its amount was refunded.
    """
    return _SETTLED_ITEMS.all(case.pk)


def charges_of(order: Order) -> list[ShippingCharge]:
    """The shipping charges of ``order``; no query where they are prefetched."""
    if is_prefetched(order, "shipping"):
        return list(order.shipping.all())
    return _CHARGES_OF_ORDER.all(order.pk, order=order)


def payments_of(order: Order) -> list[Payment]:
    """The payments of ``order`` in the order in which they are paid back; no query where they are prefetched."""
    if is_prefetched(order, "payments"):
        return list(order.payments.all())
    return _PAYMENTS_OF_ORDER.all(order.pk, order=order)


def payments_by_key(keys: Collection[int]) -> dict[int, Payment]:
    """Payments by their primary keys."""
    return {payment.pk: payment for payment in _PAYMENTS_BY_KEY.all(keys)}


def order_lines(order: Order, keys: Collection[int]) -> list[OrderLine]:
    """Those lines of ``order`` that have one of these primary keys."""
    return _ORDER_LINES.all(order.pk, keys, order=order)


def held_units(lines: Collection[OrderLine]) -> dict[int, list[tuple[int, int]]]:
    """The units of each order line that open cases claim, by the line's primary key."""
    claimed = defaultdict[int, list[tuple[int, int]]](list)
    for key, units in _HELD_UNITS.all([line.pk for line in lines]):
        claimed[key].extend(units)
    return claimed
