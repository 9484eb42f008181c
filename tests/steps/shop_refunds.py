"""What the shop reports as refunded by itself."""

from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from refunds.shop_refunds.actions import compare_order
from signoff.models import Order, Payment, ShopRefund


def report(order: Order, amount: str, *, reference: str = "", position: int = 1) -> ShopRefund:
    """An import has found that the shop refunded ``amount`` more of a payment; nobody has compared it yet."""
    payment = order.payments.get(position=position)
    Payment.objects.filter(pk=payment.pk).update(reported=F("reported") + Decimal(amount))
    return ShopRefund.objects.create(
        payment=payment, amount=Decimal(amount), reference=reference, reported_at=timezone.now()
    )


def report_and_compare(order: Order, amount: str, **options: Any) -> None:
    """The same, and the workers have compared it."""
    report(order, amount, **options)
    compare_order(order)


def reports_of(order: Order) -> list[tuple[Decimal, str]]:
    """Amount and status of every report, in their order."""
    rows = ShopRefund.objects.filter(payment__order=order).order_by("pk")
    return [(row.amount, row.status) for row in rows]
