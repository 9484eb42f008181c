"""The order of locks that ``returns.logbook.locks`` states: payment, order line, case, refund.

Transactions that lock in this order never wait for each other in a ring, and never count on old figures.

Each lock has the race that needs it, on PostgreSQL, and the same race without the lock as its negative control.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from refunds.approvals import actions as approvals
from refunds.ledger.caps import ExceedsRefundable
from refunds.models import Replacement
from refunds.payouts import manual, worker
from refunds.payouts.gateways import Unknown
from refunds.settlement import actions as settlement
from refunds.settlement.replacements import send_replacement
from returns.intake.actions import Wish, open_case
from returns.lifecycle.actions import move
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.models import Case
from returns.review.actions import reject, reopen
from returns.review.expiry import run_due
from signoff.models import OrderLine, Parcel, Payment
from tests.factories import ApprovalTierFactory, OrderFactory, ReasonFactory, UserFactory, make_case
from tests.factories.settlements import (
    finish,
    make_order_paid_by_two,
    make_plan,
    make_refund,
    make_settled_case,
    settle_case,
)
from tests.steps.locks import deadlocks, in_turn, meanwhile
from tests.steps.plans import propose_plan

pytestmark = pytest.mark.django_db(transaction=True)
#: what locks: order lines and payments before a settlement, order lines before a case ends, a refund, one row
LINES_OF_BOOKS = r"FOR UPDATE OF l\b"
PAYMENTS_OF_BOOKS = r"FOR UPDATE(?=\s*\) AS payments)"
LINES_OF_CASE = 'FOR UPDATE OF "signoff_orderline"'
REFUND = 'FOR UPDATE OF "refunds_refund"'
ROW = "FOR UPDATE$"


def line_of(case: Case) -> OrderLine:
    return case.lines.get().order_line


def waiting_for_approval() -> Case:
    ApprovalTierFactory()
    return propose_plan(make_case(), goods_come_back=False)


def an_approval_after_a_cancellation(without: str) -> list[Any]:
    case, manager = waiting_for_approval(), UserFactory(role="manager")
    return in_turn(
        line_of(case),
        lambda: move(case, Case.cancel, by=case.customer),
        lambda: approvals.approve(case, by=manager),
        without=without,
    )


def test_an_approval_locks_its_order_lines_before_the_case() -> None:
    cancelled, approved = an_approval_after_a_cancellation(without="")
    assert cancelled.status == "cancelled"
    assert isinstance(approved, TransitionNotAllowed)


def test_an_approval_that_does_not_lock_them_would_wait_in_a_ring() -> None:
    assert len(deadlocks(an_approval_after_a_cancellation(without=LINES_OF_BOOKS))) == 1


def resolved() -> Case:
    return make_settled_case(gross="0")


def refused() -> Case:
    return move(make_case(), Case.reject, by=None)


def settling_without_debts() -> Case:
    case = make_settled_case(gross="0", remedy="exchange")
    case.replacements.update(sent_at=timezone.now())
    return case


def owing_goods() -> Case:
    return make_settled_case(gross="0", remedy="exchange")


def asked() -> Case:
    return move(make_case(), Case.request_information, by=None)


def send_what_is_owed(case: Case) -> Replacement:
    goods = case.replacements.get()
    return send_replacement(goods, by=None, carrier="DHL", tracking_number="JJD1")


def a_year_later(_case: Case) -> int:
    return run_due(timezone.now() + timedelta(days=366))


#: a case, and what changes how many units of its order lines are free or dealt with
ENDS: dict[str, tuple[Callable[[], Case], Callable[[Case], Any]]] = {
    "cancelled": (make_case, lambda case: move(case, Case.cancel, by=None)),
    "expired": (asked, lambda case: move(case, Case.expire, by=None)),
    "expired by the clock": (asked, a_year_later),
    "closed": (refused, lambda case: move(case, Case.close, by=None)),
    "closed by the clock": (refused, a_year_later),
    "reopened": (resolved, lambda case: reopen(case, by=None)),
    "resolved": (settling_without_debts, finish),
    "sent": (owing_goods, send_what_is_owed),
}


def after_a_settlement(name: str, without: str) -> list[Any]:
    """A worker looks whether the case can be settled; while it waits for the order line, the case is to end."""
    make, end = ENDS[name]
    case = make()
    return in_turn(line_of(case), lambda: settlement.meet_verdict(case), lambda: end(case), without=without)


@pytest.mark.parametrize("name", ENDS)
def test_what_ends_a_case_locks_its_order_lines_before_it(name: str) -> None:
    looked, ended = after_a_settlement(name, without="")
    assert deadlocks([looked, ended]) == []
    assert ended


@pytest.mark.parametrize("name", ENDS)
def test_what_ends_a_case_without_that_would_wait_in_a_ring(name: str) -> None:
    assert len(deadlocks(after_a_settlement(name, without=LINES_OF_CASE))) == 1


def two_settlements_of_one_order(without: str) -> list[Any]:
    """Each gives back 40.00 of an order that was paid by 30.00 and 90.00."""
    order = make_order_paid_by_two()
    reason, cases = ReasonFactory(shop=order.shop), []
    for line in order.lines.all():
        case = open_case(order, [Wish(line, 2, reason, "refund")], by=None, channel=Case.Channel.AGENT)
        make_plan(case, gross="40.00")
        cases.append(move(case, Case.propose, by=None))
    begin = [lambda case=case: settle_case(case, by=None).status for case in cases]
    return in_turn(Payment.objects.get(position=1), *begin, without=without)


def test_who_settles_second_knows_what_is_left_of_each_payment() -> None:
    assert two_settlements_of_one_order(without="") == ["settling", "settling"]
    assert list(Payment.objects.order_by("position").values_list("refunded", flat=True)) == [30, 50]


def test_without_the_lock_the_second_would_count_on_what_is_gone() -> None:
    first, second = two_settlements_of_one_order(without=PAYMENTS_OF_BOOKS)
    assert first == "settling"
    assert isinstance(second, ExceedsRefundable)


def confirmed_while_a_worker_asks_again(without: str) -> Any:
    refund = make_refund()
    refund = worker.claim(timezone.now(), only=refund)
    worker.settle(refund, Unknown("500"))
    later = timezone.now() + timedelta(minutes=11)
    return meanwhile(
        lambda: worker.claim(later, only=refund, among=worker.unanswered),
        lambda: manual.confirm_paid(refund, by=None, reference="TRX-81").status,
        without=without,
    )


def test_a_refund_that_a_worker_takes_up_again_is_not_confirmed() -> None:
    assert isinstance(confirmed_while_a_worker_asks_again(without=""), TransitionNotAllowed)


def test_without_the_lock_it_would_be_confirmed_and_sent() -> None:
    assert confirmed_while_a_worker_asks_again(without=REFUND) == "paid"


def rejected_while_a_plan_is_proposed(without: str) -> Any:
    ApprovalTierFactory()
    case = make_case()
    return meanwhile(
        lambda: propose_plan(case, goods_come_back=False),
        lambda: reject(case, by=None, words="Worn.").status,
        without=without,
    )


def test_a_review_that_waits_for_a_proposal_does_not_reject_its_plan() -> None:
    assert isinstance(rejected_while_a_plan_is_proposed(without=""), TransitionNotAllowed)


def test_without_the_lock_only_the_number_of_its_entry_would_stop_the_rejection() -> None:
    assert "one_entry_per_number" in str(rejected_while_a_plan_is_proposed(without=ROW))


def sent_twice(without: str) -> Any:
    case = owing_goods()
    return meanwhile(lambda: send_what_is_owed(case), lambda: send_what_is_owed(case), without=without)


def test_who_waits_while_the_goods_are_sent_does_not_send_them_again() -> None:
    assert "already sent" in str(sent_twice(without=""))
    assert Parcel.objects.filter(direction="replacement").count() == 1


def test_without_locks_on_lines_and_case_only_the_database_would_know() -> None:
    assert "one_entry_per_number" in str(sent_twice(without=f"{ROW}|{LINES_OF_CASE}"))


def opened_twice(without: str) -> Any:
    order = OrderFactory(lines=[(1, "20.00")])
    wish = Wish(order.lines.get(), 1, ReasonFactory(shop=order.shop), "refund")
    opened = lambda: open_case(order, [wish], by=None, channel=Case.Channel.AGENT)  # noqa: E731
    return meanwhile(opened, opened, without=without)


def test_who_waits_for_the_last_unit_is_told_that_it_is_gone() -> None:
    assert isinstance(opened_twice(without=""), ExceedsOrdered)


def test_without_the_lock_only_the_database_would_know() -> None:
    assert "line_units_within_bought" in str(opened_twice(without=ROW))
