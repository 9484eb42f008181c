"""Whatever the order of imports, plans and payouts: paid here + given back there ≤ captured; each guard is needed."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Q, Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refunds.ledger import queries
from refunds.ledger.audit.consistency import faults
from refunds.ledger.caps import ExceedsRefundable
from refunds.ledger.shop_refunds.queries import unclear_reports
from refunds.models import Refund
from refunds.payouts import worker
from refunds.payouts.gateways import Failed, Outcome, Paid, Waiting
from refunds.payouts.manual import confirm_paid, waits_for_people
from refunds.shop_refunds.actions import compare_order, count_as_additional, count_as_ours
from returns.models import Case
from signoff.models import Order, Payment, ShopRefund
from tests.factories import OrderFactory, make_case
from tests.factories.settlements import make_settled_case
from tests.refunds.test_settling_race import at_once
from tests.steps.shop_refunds import report

GATEWAYS = [*Refund.Gateway.values]
DECISIONS = {"ours": count_as_ours, "additional": count_as_additional}
EVENTS = st.one_of(
    st.tuples(st.just("report"), st.integers(1, 60)),
    st.tuples(st.just("compare"), st.just(0)),
    st.tuples(st.just("settle"), st.tuples(st.integers(1, 20), st.sampled_from(GATEWAYS))),
    st.tuples(st.just("start"), st.booleans()),
    st.tuples(st.just("confirm"), st.just(0)),
    st.tuples(st.just("decide"), st.sampled_from(sorted(DECISIONS))),
)


def play(order: Order, name: str, what: Any) -> None:
    """One event, unless it is rightly refused or there is nothing for it."""
    payment = order.payments.get()
    refunds = Refund.objects.filter(payment=payment)
    match name:
        case "report" if payment.reported < payment.captured:
            report(order, str(min(Decimal(what), payment.captured - payment.reported)))
        case "compare":
            compare_order(order)
        case "settle" if order.lines.get().available:
            case = make_case(order=order)
            try:
                make_settled_case(case, gross=str(what[0]), gateway=what[1])
            except ExceedsRefundable:
                assert what[0] > payment.refundable
        case "start":
            for refund in refunds.filter(status="due"):
                start(refund, fails=what)
        case "confirm":
            for refund in refunds.filter(status="sending", lease_until=None):
                confirm_paid(refund, by=None, reference=f"T-{refund.pk}")
        case "decide" if question := unclear_reports().filter(payment=payment).first():
            DECISIONS[what](question, by=None)


def start(refund: Refund, *, fails: bool) -> None:
    """The worker's part: store credit is paid, anything else waits for finance, or fails."""
    claimed = worker.claim(timezone.now(), only=refund)
    if claimed is None:
        return
    paid: Outcome = Paid(f"SC-{refund.pk}") if refund.gateway == "store_credit" else Waiting()
    worker.settle(claimed, Failed("No such account") if fails else paid)


def check(order: Order) -> None:
    """Money that left here and what is counted as given back there are never more than was paid."""
    payment = order.payments.get()
    paid = Refund.objects.filter(payment=payment, status="paid").aggregate(sum=Sum("amount"))["sum"] or 0
    assert paid + payment.elsewhere <= payment.refunded <= payment.captured
    told = ShopRefund.objects.filter(payment=payment).aggregate(sum=Sum("amount"))["sum"] or 0
    assert told == payment.reported


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(EVENTS, min_size=2, max_size=9))
def test_paid_here_and_given_back_there_never_exceed_what_was_paid(db: None, events: list[tuple[str, Any]]) -> None:
    order = OrderFactory()
    for name, what in events:
        play(order, name, what)
        check(order)
    compare_order(order)
    check(order)
    assert list(faults()) == []
    excess = ShopRefund.objects.filter(payment__order=order, status="excess").exists()
    assert order.anomalies.filter(kind="overpaid", settled_at=None).exists() == excess


@pytest.mark.django_db(transaction=True)
def test_a_report_and_payouts_at_once_never_give_back_more_than_was_paid() -> None:
    order = OrderFactory(lines=[(4, "15.00")])
    cases = [make_case(order=order) for _ in range(3)]
    due = [make_settled_case(case, gross="15.00", gateway="store_credit").refunds.get() for case in cases[:2]]

    def imported() -> None:
        report(order, "45.00")
        compare_order(order)

    calls: list[Callable[[], Any]] = [lambda refund=refund: worker.pay(refund) for refund in due]
    calls.append(lambda: make_settled_case(cases[2], gross="15.00", gateway="store_credit"))
    at_once([imported, *calls])
    compare_order(order)
    worker.pay_due()

    check(order)
    paid = Refund.objects.filter(status="paid").count() * 15
    payment = order.payments.get()
    excess = ShopRefund.objects.filter(status="excess").aggregate(sum=Sum("amount"))["sum"] or 0
    assert payment.elsewhere + excess == 45
    assert paid + payment.elsewhere <= 60
    assert order.anomalies.filter(kind="overpaid", settled_at=None).exists() == bool(excess)
    assert not any(waits_for_people(refund) for refund in Refund.objects.all())
    assert list(faults()) == []


@pytest.mark.django_db
def test_control_without_the_guard_in_sql_a_reported_amount_is_refunded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case()
    report(case.order, "60.00")
    monkeypatch.setitem(queries._ADD_REFUNDED, Payment, queries._ADD_PAID)
    monkeypatch.setattr(Payment, "refundable", property(lambda payment: payment.captured - payment.refunded))

    make_settled_case(case, gross="20.00")  # refused with the guards: test_shop_refunds.py

    compare_order(case.order)
    assert Case.objects.get(pk=case.pk).log.filter(verb="refund_stopped").exists()  # only the reader still saves it


@pytest.mark.django_db
def test_control_without_the_guard_at_the_claim_a_refund_is_sent_that_the_shop_has_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = make_settled_case(gateway="store_credit", gross="20.00")
    report(case.order, "60.00")
    assert worker.claim(timezone.now(), only=case.refunds.get()) is None

    claimed = worker.claim(timezone.now(), only=case.refunds.get(), among=lambda now: Q(status="due", due_at__lte=now))
    worker.settle(claimed, Paid("SC-1"))
    compare_order(case.order)

    assert [row.amount for row in ShopRefund.objects.filter(status="excess")] == [20]
