"""Queries for refunds that the shop made: what is to be compared, and the cases that are about the same money."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from refunds.models import Refund, Resolution
from returns.lifecycle.states import OPEN
from returns.models import Case, Line
from signoff.models import Order, Payment, ShopRefund
from signoff.models.shop_refunds import BLOCKING

BATCH = 200  # orders that one sweep compares; the next sweep takes the rest


def orders_to_compare() -> list[int]:
    """Primary keys of orders with reports that nobody has compared yet, the oldest reports first."""
    new = ShopRefund.objects.filter(status=ShopRefund.Status.NEW).order_by("pk")
    return list(dict.fromkeys(new.values_list("payment__order", flat=True)[: BATCH * 5]))[:BATCH]


def lock_payments(order: Order) -> list[Payment]:
    """The payments of ``order``, locked, in the order in which they are paid back."""
    return list(Payment.objects.select_for_update().filter(order=order).order_by("position"))


def refunds_of(payment: Payment) -> list[Refund]:
    """The refunds made here from this payment, the oldest first."""
    return list(Refund.objects.filter(payment=payment).order_by("pk"))


def rows_of(payment: Payment, *statuses: str) -> list[ShopRefund]:
    """Reports about this payment with one of ``statuses``, the oldest first."""
    return list(ShopRefund.objects.filter(payment=payment, status__in=statuses).order_by("pk"))


def open_cases_of(order: Order) -> list[Case]:
    """Open cases about lines of ``order``, by key."""
    lines = Line.objects.filter(case=OuterRef("pk"), order_line__order=order)
    cases = Case.objects.filter(Q(order=order) | Exists(lines), status__in=OPEN)
    return list(cases.select_related("order", "customer").order_by("pk"))


def newest_case_of(order: Order) -> Case | None:
    """The case about ``order`` that was opened last."""
    return Case.objects.filter(order=order).select_related("order", "customer").order_by("-pk").first()


def plan_is_about(plan: Resolution, order: Order) -> bool:
    """Whether a part of ``plan`` is about ``order``."""
    mine = Q(line__order_line__order=order) | Q(shipping__order=order)
    return plan.items.filter(mine).exists()


def unclear_reports() -> QuerySet[ShopRefund]:
    """Reports that a person has to decide, each with its order, the oldest first."""
    rows = ShopRefund.objects.filter(status=ShopRefund.Status.UNCLEAR)
    return rows.select_related("payment__order__shop").order_by("reported_at", "pk")


def without_open_reports(refunds: Q) -> Q:
    """``refunds`` whose payment has no report that may be the same money."""
    return refunds & Q(~Exists(ShopRefund.objects.filter(payment=OuterRef("payment"), status__in=BLOCKING)))
