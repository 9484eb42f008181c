"""Many at once: never more than was paid, nothing paid twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from refunds.ledger.audit.consistency import faults
from refunds.ledger.caps import ExceedsRefundable
from refunds.ledger.queries import store_credit
from refunds.models import Refund
from refunds.payouts import worker
from refunds.settlement import actions as settlement
from returns.intake.actions import Wish, open_case
from returns.lifecycle.actions import move
from returns.models import Case
from signoff.models import Payment
from tests.factories import OrderFactory, ReasonFactory
from tests.factories.settlements import make_plan, make_settled_case, settle_case

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 6


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """What each call returned or raised; all begin together."""
    start = Barrier(len(calls))

    def run(action: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return action()
        except ExceedsRefundable as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_plans_settled_at_once_never_give_back_more_than_was_paid() -> None:
    order = OrderFactory(lines=[(1, "20.00")] * THREADS)
    Payment.objects.update(captured=Decimal(50))
    reason = ReasonFactory(shop=order.shop)
    cases = []
    for line in order.lines.all():
        case = open_case(order, [Wish(line, 1, reason, "refund")], by=None, channel=Case.Channel.AGENT)
        make_plan(case)
        cases.append(move(case, Case.propose, by=None))

    ended = at_once([lambda case=case: settle_case(case, by=None) for case in cases])

    assert sum(isinstance(one, ExceedsRefundable) for one in ended) == THREADS - 2
    assert Payment.objects.get().refunded == 40
    assert list(faults()) == []


def test_a_plan_settled_twice_at_once_is_settled_once() -> None:
    case = move(settled_later(), Case.propose, by=None)

    ended = at_once([lambda: attempt(case)] * THREADS)

    assert ended.count("settling") == 1
    assert Refund.objects.count() == 1
    assert list(faults()) == []


def test_workers_that_sweep_at_once_pay_each_refund_once() -> None:
    cases = [make_settled_case(gateway="store_credit") for _ in range(THREADS * 2)]

    sent = at_once([worker.pay_due] * THREADS)

    assert sum(sent) == len(cases)
    owed = [[(credit.amount, credit.currency) for credit in store_credit(case.customer_id)] for case in cases]
    assert owed == [[(20, "EUR")]] * len(cases)
    assert set(Case.objects.values_list("status", flat=True)) == {"resolved"}
    assert list(faults()) == []


def settled_later() -> Case:
    order = OrderFactory()
    wish = Wish(order.lines.get(), 1, ReasonFactory(shop=order.shop), "refund")
    case = open_case(order, [wish], by=None, channel=Case.Channel.AGENT)
    make_plan(case)
    return case


def attempt(case: Case) -> str:
    try:
        return settle_case(case, by=None).status
    except settlement.TransitionNotAllowed:
        return "too late"
