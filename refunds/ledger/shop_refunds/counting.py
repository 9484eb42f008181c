"""Count the shop's refunds against what was paid; the caller has locked the payment.

``Payment.refunded`` includes what is counted here, so that every cap knows of it. What exceeds the payment is an
excess: never a negative amount, but an order anomaly for the desk.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db.models import Sum

from refunds.ledger.shop_refunds.queries import lock_payments, rows_of
from refunds.ledger.shop_refunds.rules import Verdict, divide
from refunds.models import Refund
from signoff.models import Order, OrderAnomaly, Payment, ShopRefund
from signoff.money import to_coin
from signoff.orders.anomalies import raise_anomaly, settle_unasked

Status = ShopRefund.Status
Kind = OrderAnomaly.Kind


def record(
    report: ShopRefund, verdicts: Sequence[Verdict], payment: Payment, *, by: User | None, now: datetime
) -> Decimal:
    """Give ``report`` its verdicts, split where there are several; returns the amount counted in addition to ours."""
    parts = [part for verdict in verdicts for part in _fitted(verdict, payment)]
    for place, part in enumerate(parts):
        if place:
            report = ShopRefund(payment=payment, reference=report.reference, reported_at=report.reported_at)
        report.amount, report.status = part.amount, part.status
        report.decided_at, report.decided_by = (None, None) if part.status == Status.UNCLEAR else (now, by)
        report.save()
    counted = sum((part.amount for part in parts if part.status == Status.ELSEWHERE), Decimal(0))
    payment.ours += sum((part.amount for part in parts if part.status == Status.OURS), Decimal(0))
    payment.elsewhere, payment.refunded = payment.elsewhere + counted, payment.refunded + counted
    payment.save(update_fields=["ours", "elsewhere", "refunded"])
    return counted


def _fitted(verdict: Verdict, payment: Payment) -> Iterable[Verdict]:
    """What is in addition to ours is counted as far as the payment has room."""
    if verdict.status != Status.ELSEWHERE:
        return [verdict]
    return divide(verdict.amount, payment.captured - payment.refunded)


def count_excess(payment: Payment, *, now: datetime) -> None:
    """Count what exceeded the payment before and has room now, because a refund of ours has failed."""
    for report in rows_of(payment, Status.EXCESS):
        if payment.captured > payment.refunded:
            verdicts = [Verdict(Status.ELSEWHERE, report.amount)]
            record(report, verdicts, payment, by=report.decided_by, now=now)


def match_paid(refund: Refund, *, by: User | None, now: datetime) -> None:
    """A refund that finance has just confirmed answers the question whether a report is the same money."""
    payment = Payment.objects.select_for_update().get(pk=refund.payment_id)
    for report in rows_of(payment, Status.UNCLEAR):
        named = report.reference and report.reference == refund.provider_reference
        if named or (not report.reference and report.amount == refund.amount):
            record(report, [Verdict(Status.OURS, report.amount)], payment, by=by, now=now)
            tell_desk(payment.order, now=now)
            return


def make_room(payment: Payment, amount: Decimal, *, now: datetime) -> None:
    """Make room for ``amount`` that was paid here after all: what the shop gave back exceeds the payment then."""
    missing = amount - (payment.captured - payment.refunded)
    for report in reversed(rows_of(payment, Status.ELSEWHERE)):
        if missing <= 0:
            break
        part = min(missing, report.amount)
        payment.elsewhere, payment.refunded = payment.elsewhere - part, payment.refunded - part
        payment.save(update_fields=["elsewhere", "refunded"])
        _split_off(report, part, Status.EXCESS, now=now)
        missing -= part
    tell_desk(payment.order, now=now)


def _split_off(report: ShopRefund, part: Decimal, status: str, *, now: datetime) -> None:
    if part == report.amount:
        report.status, report.decided_at = status, now
        report.save()
        return
    report.amount -= part
    report.save()
    ShopRefund.objects.create(
        payment=report.payment,
        amount=part,
        reference=report.reference,
        reported_at=report.reported_at,
        status=status,
        decided_at=now,
    )


def recount(order: Order, *, now: datetime) -> None:
    """Count excesses of ``order`` for which there is room now, and bring its anomalies up to date."""
    if ShopRefund.objects.filter(payment__order=order, status=Status.EXCESS).exists():
        for payment in lock_payments(order):
            count_excess(payment, now=now)
        tell_desk(order, now=now)


def tell_desk(order: Order, *, stopped: Decimal = Decimal(0), now: datetime) -> None:
    """Raise or settle the order's anomalies about refunds: unclear, twice, or ``stopped`` with an open plan."""
    unclear, excess = (_total(order, status) for status in (Status.UNCLEAR, Status.EXCESS))
    currency = order.currency
    if unclear:
        raise_anomaly(order, Kind.REFUNDED, {"unclear": str(to_coin(unclear, currency))}, now=now)
    elif stopped:
        raise_anomaly(order, Kind.REFUNDED, {"reported": str(to_coin(stopped, currency))}, now=now)
    else:
        settle_unclear(order, now=now)
    if excess:
        raise_anomaly(order, Kind.OVERPAID, {"excess": str(to_coin(excess, currency))}, now=now)
    else:
        settle_unasked(order, Kind.OVERPAID, now=now)


def settle_unclear(order: Order, *, now: datetime) -> None:
    """Take the question off the list once nothing is unclear; what was stopped stays until a person has seen it."""
    OrderAnomaly.objects.filter(order=order, kind=Kind.REFUNDED, settled_at=None, facts__has_key="unclear").update(
        settled_at=now
    )


def _total(order: Order, status: str) -> Decimal:
    rows = ShopRefund.objects.filter(payment__order=order, status=status)
    return rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
