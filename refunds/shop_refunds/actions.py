"""Compare the shop's refunds with ours: plans and payments that are open stop, what is unclear asks a person.

News travel up by reading: an import only adds reports, and until they are compared nothing is refunded from their
payments. Each case is stopped in a transaction of its own, in the order of all locks; the reports are counted last, so
that a comparison that was interrupted is simply done again.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from refunds.ledger.booking import Occasion, Side, book
from refunds.ledger.locks import lock_with_books
from refunds.ledger.shop_refunds.counting import record, recount, tell_desk
from refunds.ledger.shop_refunds.queries import (
    lock_payments,
    newest_case_of,
    open_cases_of,
    orders_to_compare,
    plan_is_about,
    refunds_of,
    rows_of,
)
from refunds.ledger.shop_refunds.rules import MADE_THERE, Verdict, compare
from refunds.models import Entry
from refunds.payouts.transitions import PAY
from refunds.pricing.queries import plan_in_force
from refunds.shop_refunds.stop import stop_plan
from returns.lifecycle.actions import require_permission
from returns.logbook.locks import lock_case
from returns.logbook.writer import Actor, author_of, note
from returns.models import Case
from signoff.models import Order, Payment, ShopRefund
from signoff.money import to_coin
from signoff.web.formatting import money

logger = logging.getLogger(__name__)

Status = ShopRefund.Status
EXPECTED_ERRORS = (DatabaseError, TransitionNotAllowed)  # one order does not stop the others


class AlreadyDecided(Exception):
    """A colleague has decided this report before; a sentence for the page."""


def compare_reports(*, now: datetime | None = None) -> int:
    """Compare all new reports, order by order; returns for how many orders."""
    return sum(_compare_or_leave(key, now or timezone.now()) for key in orders_to_compare())


def _compare_or_leave(key: int, now: datetime) -> bool:
    try:
        compare_order(Order.objects.get(pk=key), now=now)
    except EXPECTED_ERRORS:
        logger.exception("The reports about order %s are left to the next sweep", key)
        return False
    return True


def compare_order(order: Order, *, now: datetime | None = None) -> None:
    """Compare the new reports about ``order``: stop what is open, then count what was given back elsewhere."""
    now = now or timezone.now()
    newest = max((report.pk for payment in order.payments.all() for report in rows_of(payment, Status.NEW)), default=0)
    additional = _additional(order)
    stopped = _stop_cases(order, additional, report=newest, now=now) if additional else False
    _count(order, stopped=additional if stopped else Decimal(0), now=now)


@transaction.atomic
def count_as_ours(report: ShopRefund, *, by: Actor, now: datetime | None = None) -> ShopRefund:
    """A person says that ``report`` is a refund made here. Raises ``PermissionDenied``, ``AlreadyDecided``."""
    return _decide(report, Status.OURS, by=by, now=now or timezone.now())


def count_as_additional(report: ShopRefund, *, by: Actor, now: datetime | None = None) -> ShopRefund:
    """A person says that the shop gave ``report`` back in addition to ours: what is open stops, and it is counted.

    Raises ``PermissionDenied``, ``AlreadyDecided``.
    """
    require_permission(by, PAY)
    now = now or timezone.now()
    if ShopRefund.objects.get(pk=report.pk).status == Status.UNCLEAR:
        _stop_cases(report.payment.order, report.amount, report=report.pk, now=now)
    with transaction.atomic():
        return _decide(report, Status.ELSEWHERE, by=by, now=now)


def _decide(report: ShopRefund, status: str, *, by: Actor, now: datetime) -> ShopRefund:
    require_permission(by, PAY)
    order = report.payment.order
    payment = next(payment for payment in lock_payments(order) if payment.pk == report.payment_id)
    report = ShopRefund.objects.get(pk=report.pk)
    if report.status != Status.UNCLEAR:
        raise AlreadyDecided(_("A colleague has already decided this. Check the order."))
    if status == Status.ELSEWHERE:
        _book(order, report.amount, now=now)
    record(report, [Verdict(status, report.amount)], payment, by=author_of(by), now=now)
    tell_desk(order, now=now)
    return report


def _additional(order: Order) -> Decimal:
    """What new reports say in addition to ours."""
    return _sum_additional(
        [verdict for payment in order.payments.all() for _, parts in _compared(payment) for verdict in parts]
    )


def _sum_additional(verdicts: Iterable[Verdict]) -> Decimal:
    return sum((verdict.amount for verdict in verdicts if verdict.status == Status.ELSEWHERE), Decimal(0))


def _compared(payment: Payment) -> Sequence[tuple[ShopRefund, list[Verdict]]]:
    unclear = sum((report.amount for report in rows_of(payment, Status.UNCLEAR)), Decimal(0))
    return compare(rows_of(payment, Status.NEW), refunds_of(payment), compared=payment.ours + unclear)


def _stop_cases(order: Order, amount: Decimal, *, report: int, now: datetime) -> bool:
    """Tell every open case of ``order`` once and stop its plan; returns whether any was stopped."""
    stopped = [_stop_case(case, order, amount, report=report, now=now) for case in open_cases_of(order)]
    return any(stopped)


@transaction.atomic
def _stop_case(case: Case, order: Order, amount: Decimal, *, report: int, now: datetime) -> bool:
    locked = lock_with_books(case)
    plan = plan_in_force(locked)
    facts: dict[str, Any] = {
        "amount": str(to_coin(amount, order.currency)),
        "currency": order.currency,
        "report": report,
    }
    if not locked.log.filter(verb="shop_refunded", facts__report=report).exists():
        note(locked, "shop_refunded", by=None, now=now, **facts)
    if plan is None or not plan_is_about(plan, order):
        return False
    why = _("The shop has refunded %(money)s itself.") % {"money": money(amount, order.currency)}
    return stop_plan(locked, sparing=MADE_THERE, why=why, by=None, now=now)


@transaction.atomic
def _count(order: Order, *, stopped: Decimal, now: datetime) -> None:
    payments = lock_payments(order)
    compared = [(payment, *pair) for payment in payments for pair in _compared(payment)]
    _book(order, _sum_additional(part for _payment, _report, parts in compared for part in parts), now=now)
    for payment, report, verdicts in compared:
        record(report, verdicts, payment, by=None, now=now)
    recount(order, now=now)
    tell_desk(order, stopped=stopped, now=now)


def _book(order: Order, amount: Decimal, *, now: datetime) -> None:
    """Book what the shop gave back in addition to ours, in the newest case of the order, if there is one."""
    case = newest_case_of(order)
    if case is None or not amount:
        return
    sides = [Side(Entry.Account.RETURNS, amount), Side(Entry.Account.SHOP, -amount, customer=case.customer)]
    book(lock_case(case), sides=sides, currency=order.currency, occasion=Occasion.ELSEWHERE, now=now)
