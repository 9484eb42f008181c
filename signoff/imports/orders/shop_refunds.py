"""Writes the refunds that the shop made by itself: of new orders counted at once, of stored ones to be compared.

``refunds`` compares reports about stored orders with the refunds made here. Until then the reported amount cannot be
refunded (``Payment.refundable``).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from signoff.imports.orders.diff import more_reported
from signoff.imports.orders.existing import ExistingOrder
from signoff.imports.orders.parsed import ZERO, ReportedRefund
from signoff.imports.orders.rows import PreparedOrder
from signoff.jobs import wake
from signoff.models import Payment, ShopRefund

type Position = tuple[int, int]
"""Primary key of the order, position of the payment."""


def insert_shop_refunds(orders: Mapping[int, PreparedOrder], *, now: datetime) -> None:
    """Count what was refunded of new orders before they were imported: nothing can have been refunded here."""
    reported = {
        (key, position): amount
        for key, order in orders.items()
        for position, amount in enumerate(order.reported, start=1)
        if amount
    }
    payments = _payments(reported)
    for payment in payments:
        payment.reported = payment.elsewhere = payment.refunded = reported[payment.order_id, payment.position]
    Payment.objects.bulk_update(payments, ["reported", "elsewhere", "refunded"], batch_size=500)
    _insert(payments, reported, orders, status=ShopRefund.Status.ELSEWHERE, now=now)


def add_shop_refunds(orders: Sequence[tuple[PreparedOrder, ExistingOrder]], *, now: datetime) -> None:
    """Add what the shop has refunded of stored orders since; the caller has locked their payments."""
    reported = {
        (existing.pk, position): amount
        for prepared, existing in orders
        for position, amount in more_reported(prepared, existing).items()
    }
    payments = _payments(reported)
    for payment in payments:
        amount = reported[payment.order_id, payment.position]
        Payment.objects.filter(pk=payment.pk).update(reported=F("reported") + amount)
    _insert(
        payments,
        reported,
        {existing.pk: prepared for prepared, existing in orders},
        status=ShopRefund.Status.NEW,
        now=now,
    )
    if payments:
        transaction.on_commit(wake, robust=True)


def _payments(reported: Mapping[Position, Decimal]) -> list[Payment]:
    rows = Payment.objects.filter(order__in={order for order, _position in reported}).order_by("pk")
    return [payment for payment in rows if (payment.order_id, payment.position) in reported]


def _insert(
    payments: Sequence[Payment],
    reported: Mapping[Position, Decimal],
    orders: Mapping[int, PreparedOrder],
    *,
    status: str,
    now: datetime,
) -> None:
    """Insert a row for each refund with a reference, and one for the rest of each payment."""
    known: dict[int, set[str]] = {}
    for key, reference in ShopRefund.objects.filter(payment__in=payments).values_list("payment", "reference"):
        known.setdefault(key, set()).add(reference)
    counted = now if status == ShopRefund.Status.ELSEWHERE else None
    ShopRefund.objects.bulk_create(
        ShopRefund(
            payment=payment,
            amount=amount,
            reference=reference[:120],
            reported_at=now,
            status=status,
            decided_at=counted,
        )
        for payment in payments
        for reference, amount in _parts(
            reported[payment.order_id, payment.position],
            _named(orders[payment.order_id], payment.position),
            known.get(payment.pk, set()),
        )
    )


def _named(order: PreparedOrder, position: int) -> Sequence[ReportedRefund]:
    return order.order.payments[position - 1].refunds if order.order.payments else ()


def _parts(amount: Decimal, named: Sequence[ReportedRefund], known: set[str]) -> Iterator[tuple[str, Decimal]]:
    """``amount`` divided over the refunds that are not known by their reference; the rest has none."""
    for refund in named:
        part = min(amount, refund.amount)
        if part > 0 and refund.reference and refund.reference not in known:
            yield refund.reference, part
            amount -= part
    if amount > ZERO:
        yield "", amount
