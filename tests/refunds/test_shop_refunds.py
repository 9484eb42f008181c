"""A refund that the shop made by itself counts: caps shrink, open plans and payments stop, people are told."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from refunds.ledger.audit.consistency import faults
from refunds.ledger.caps import ExceedsRefundable
from refunds.ledger.shop_refunds.queries import unclear_reports
from refunds.models import Refund, Replacement
from refunds.money import QuoteRefused
from refunds.payouts import worker
from refunds.payouts.gateways import Failed, Paid, Waiting
from refunds.payouts.manual import confirm_paid, mark_failed, retry
from refunds.plans.suggestion import draft_plan
from refunds.pricing.queries import plan_in_force
from refunds.shop_refunds.actions import AlreadyDecided, compare_reports, count_as_additional, count_as_ours
from refunds.shop_refunds.stop import plan_again
from returns.models import Case
from signoff.models import Order, OrderAnomaly, Payment
from signoff.orders.anomalies import anomaly_text
from tests.factories import OrderFactory, ReasonFactory, ShopFactory, UserFactory, make_case
from tests.factories.settlements import make_plan, make_settled_case, settle_case
from tests.signoff.imports.test_shop_refunds import SHOPIFY
from tests.steps.import_files import store
from tests.steps.plans import draft_items, make_tier, offer_plan, propose_plan, quote_for
from tests.steps.shop_refunds import report, report_and_compare, reports_of

pytestmark = pytest.mark.django_db


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def payment_of(case: Case) -> tuple[Decimal, ...]:
    payment = case.order.payments.get()
    return payment.refunded, payment.elsewhere, payment.ours, payment.refundable


def verbs(case: Case) -> list[str]:
    return list(case.log.order_by("seq").values_list("verb", flat=True))


def anomalies(order: Order) -> list[str]:
    rows = OrderAnomaly.objects.filter(order=order, settled_at=None).select_related("order").order_by("kind")
    return [anomaly_text(row) for row in rows]


def waiting(**options: str) -> Refund:
    """A refund that finance has to make by hand."""
    case = make_settled_case(**options)
    return worker.settle(worker.claim(timezone.now(), only=case.refunds.get()), Waiting())


def test_an_order_refunded_at_the_shop_after_a_case_was_opened_has_nothing_left(tmp_path: Path) -> None:
    shop, path = ShopFactory(), tmp_path / "orders.csv"
    path.write_text(SHOPIFY.format(status="paid", refunded="0.00"))
    store(path, shop=shop)
    case = make_case(order=Order.objects.get(), quantity=2, reason=ReasonFactory(shop=shop))
    case = propose_plan(case)
    assert (case.status, plan_in_force(case).total) == ("awaiting_approval", 40)

    path.write_text(SHOPIFY.format(status="refunded", refunded="45.00"))
    store(path, shop=shop)
    assert compare_reports() == 1

    case = again(case)
    assert (case.status, plan_in_force(case)) == ("submitted", None)
    assert verbs(case)[-2:] == ["shop_refunded", "stop_plan"]
    assert case.log.get(verb="shop_refunded").facts["amount"] == "45.00"
    assert payment_of(case) == (45, 45, 0, 0)
    assert anomalies(case.order) == [
        "The shop has refunded £45.00 itself. Open plans and payments were stopped. Check the case."
    ]
    with pytest.raises(QuoteRefused, match="Nothing is left to refund"):
        quote_for(case, draft_items(case))
    assert [(entry.account, entry.amount) for entry in case.ledger.all()] == [("returns", 45), ("shop", -45)]
    assert list(faults()) == []

    store(path, shop=shop)
    assert compare_reports() == 0
    assert payment_of(case) == (45, 45, 0, 0)
    assert list(faults()) == []


def test_nothing_can_be_refunded_before_a_report_is_compared() -> None:
    case = make_case(quantity=3)
    case = propose_plan(case)
    report(case.order, "60.00")

    with pytest.raises(ExceedsRefundable):
        settle_case(approved(case), by=None)


def approved(case: Case) -> Case:
    case.resolutions.filter(superseded_at=None).update(approved_at=timezone.now())
    return case


def test_a_refund_that_is_due_is_not_sent_before_a_report_is_compared() -> None:
    case = make_settled_case(gateway="store_credit")
    report(case.order, "5.00")
    assert worker.pay_due() == 0
    assert case.refunds.get().status == "due"


def test_a_refund_that_is_due_stops_and_the_case_goes_back() -> None:
    case = make_settled_case(gross="20.00", tax="3.19")
    report_and_compare(case.order, "25.00")

    case, refund = again(case), case.refunds.get()
    assert (case.status, refund.status, refund.failure) == (
        "submitted",
        "failed",
        "The shop has refunded €25.00 itself.",
    )
    assert verbs(case)[-3:] == ["shop_refunded", "refund_stopped", "stop_plan"]
    assert payment_of(case) == (25, 25, 0, 35)
    assert case.order.lines.get().refunded == 0
    assert [(entry.account, entry.amount) for entry in case.ledger.order_by("seq")][3:] == [
        ("returns", Decimal("-16.81")),
        ("tax", Decimal("-3.19")),
        ("payable", 20),
        ("returns", 25),
        ("shop", -25),
    ]
    assert list(faults()) == []
    with pytest.raises(TransitionNotAllowed, match="The plan of this refund was stopped"):
        retry(refund, by=None)

    case = make_settled_case(case, gross="20.00")
    assert payment_of(case) == (45, 25, 0, 15)
    assert list(faults()) == []


@pytest.mark.parametrize("gateway", ["manual", "store_credit"])
def test_a_bank_transfer_that_finance_has_not_made_stops_too(gateway: str) -> None:
    refund = waiting(gateway="manual")
    report_and_compare(refund.case.order, "60.00")
    assert Refund.objects.get().status == "failed"
    assert (again(refund.case).status, payment_of(refund.case)) == ("submitted", (60, 60, 0, 0))


def test_a_stopped_transfer_that_finance_had_made_already_is_told_as_refunded_twice() -> None:
    refund = waiting(gateway="manual")
    report_and_compare(refund.case.order, "60.00")

    confirm_paid(refund, by=UserFactory(role="finance"), reference="TRX-9")

    assert Refund.objects.get().status == "paid"
    assert payment_of(refund.case) == (60, 40, 0, 0)
    assert reports_of(refund.case.order) == [(40, "elsewhere"), (20, "excess")]
    assert any("€20.00 more than was paid has gone back" in sentence for sentence in anomalies(refund.case.order))
    assert list(faults()) == []


def test_an_offer_stops_and_the_case_is_in_review_again() -> None:
    case = offer_plan(make_case())
    report_and_compare(case.order, "10.00")
    assert (again(case).status, plan_in_force(case)) == ("submitted", None)


def test_a_plan_whose_goods_are_under_way_stops_and_the_case_stays() -> None:
    case = make_case()
    plan = make_plan(case)
    Case.objects.filter(pk=case.pk)
    report_and_compare(case.order, "10.00")
    plan.refresh_from_db()
    assert plan.superseded_at is not None
    assert again(case).status == "submitted"


def test_an_exchange_of_a_stopped_plan_is_not_owed_any_more() -> None:
    case = make_settled_case(gross="0", remedy="exchange")
    report_and_compare(case.order, "60.00")
    assert again(case).status == "settling"  # goods are owed; the timeline tells of the refund
    assert "shop_refunded" in verbs(case)
    assert Replacement.objects.owed().count() == 1


def test_a_case_without_a_plan_is_told_and_nothing_stops() -> None:
    case = make_case()
    report_and_compare(case.order, "60.00")
    assert (again(case).status, verbs(case)) == ("submitted", ["open", "shop_refunded"])
    assert anomalies(case.order) == []


def test_a_refund_of_ours_that_the_shop_names_by_reference_is_not_counted_twice() -> None:
    refund = confirm_paid(waiting(gateway="provider_by_hand"), by=None, reference="re_7")
    report_and_compare(refund.case.order, "20.00", reference="re_7")
    assert payment_of(refund.case) == (20, 0, 20, 40)
    assert reports_of(refund.case.order) == [(20, "ours")]
    assert anomalies(refund.case.order) == []
    assert list(faults()) == []


def test_without_a_reference_a_person_decides_and_until_then_nothing_more_is_paid() -> None:
    refund = confirm_paid(waiting(gateway="manual"), by=None, reference="TRX-1")
    report_and_compare(refund.case.order, "25.00")

    assert reports_of(refund.case.order) == [(20, "unclear"), (5, "elsewhere")]
    assert payment_of(refund.case) == (25, 5, 0, 15)
    assert "may be a refund made here" in anomalies(refund.case.order)[0]
    assert list(faults()) == []

    finance, question = UserFactory(role="finance"), unclear_reports().get()
    with pytest.raises(PermissionDenied):
        count_as_ours(question, by=UserFactory(role="inspector"))
    count_as_ours(question, by=finance)
    assert payment_of(refund.case) == (25, 5, 20, 35)
    assert anomalies(refund.case.order) == []
    with pytest.raises(AlreadyDecided):
        count_as_additional(question, by=finance)
    assert list(faults()) == []


def test_in_addition_to_what_was_paid_it_counts_and_more_than_was_paid_is_an_anomaly() -> None:
    refund = confirm_paid(waiting(gateway="manual", gross="40.00"), by=None, reference="TRX-1")
    report_and_compare(refund.case.order, "60.00")
    assert reports_of(refund.case.order) == [(40, "unclear"), (20, "elsewhere")]

    count_as_additional(unclear_reports().get(), by=UserFactory(role="finance"))

    assert reports_of(refund.case.order) == [(40, "excess"), (20, "elsewhere")]
    assert payment_of(refund.case) == (60, 20, 0, 0)
    assert anomalies(refund.case.order) == [
        "€40.00 more than was paid has gone back: once here and once at the shop. Ask for it back."
    ]
    assert list(faults()) == []


def test_what_finance_makes_at_the_provider_may_be_what_the_shop_reports() -> None:
    refund = waiting(gateway="provider_by_hand")
    report_and_compare(refund.case.order, "20.00")
    assert (Refund.objects.get().status, reports_of(refund.case.order)) == ("sending", [(20, "unclear")])

    confirm_paid(refund, by=UserFactory(role="finance"), reference="re_1")
    assert reports_of(refund.case.order) == [(20, "ours")]
    assert (again(refund.case).status, payment_of(refund.case)) == ("resolved", (20, 0, 20, 40))
    assert list(faults()) == []


def test_store_credit_is_never_what_the_shop_reports() -> None:
    case = make_settled_case(gateway="store_credit", gross="40.00")
    worker.settle(worker.claim(timezone.now(), only=case.refunds.get()), Paid("SC-1"))
    report_and_compare(case.order, "60.00")
    assert reports_of(case.order) == [(20, "elsewhere"), (40, "excess")]
    assert list(faults()) == []


def test_an_excess_is_counted_when_a_refund_of_ours_fails_after_all() -> None:
    refund = waiting(gateway="provider_by_hand", gross="40.00")
    report_and_compare(refund.case.order, "60.00")
    count_as_additional(unclear_reports().get(), by=UserFactory(role="finance"))
    assert payment_of(refund.case) == (60, 20, 0, 0)

    mark_failed(refund, by=None, why="Not made.")
    assert payment_of(refund.case) == (60, 60, 0, 0)
    assert anomalies(refund.case.order) == []
    assert list(faults()) == []


def test_a_person_gives_up_a_payment_that_cannot_be_made_and_plans_again() -> None:
    refund = mark_failed(waiting(gateway="manual"), by=None, why="Account closed")
    finance = UserFactory(role="finance")
    with pytest.raises(PermissionDenied):
        plan_again(refund.case, by=UserFactory(role="inspector"))

    case = plan_again(refund.case, by=finance)

    assert (case.status, plan_in_force(case)) == ("submitted", None)
    assert case.log.get(verb="stop_plan").by == finance
    assert list(faults()) == []
    with pytest.raises(TransitionNotAllowed):
        plan_again(case, by=finance)


def test_a_suggestion_never_exceeds_what_is_left_after_the_shops_own_refund() -> None:
    case = make_case(order=OrderFactory(lines=[(2, "20.00")]), quantity=2)
    report_and_compare(case.order, "25.00")
    drafted = draft_plan(case)
    assert quote_for(case, drafted.items).total == 15
    assert payment_of(case) == (25, 25, 0, 15)


def test_a_refund_that_a_provider_may_be_paying_is_not_stopped() -> None:
    case = make_settled_case(gateway="store_credit")
    refund = worker.claim(timezone.now(), only=case.refunds.get())
    report_and_compare(case.order, "60.00")
    assert (again(case).status, Refund.objects.get().status) == ("settling", "sending")
    assert payment_of(case) == (60, 40, 0, 0)

    worker.settle(refund, Failed("No such account"))
    assert payment_of(case) == (60, 60, 0, 0)
    assert list(faults()) == []


def test_a_case_with_nothing_left_is_closed_by_a_plan_without_money() -> None:
    case = make_case(quantity=3)
    report_and_compare(case.order, "60.00")
    drafted = draft_plan(case)
    assert [(item.remedy, item.amount) for item in drafted.items] == [("refund", 0)]
    assert drafted.reasons == (
        f"Order {case.order.number}: €60.00 less is suggested, because the shop has refunded €60.00 itself.",
    )
    make_tier(case, "0", 0)
    case = propose_plan(case, goods_come_back=False)
    assert (case.status, case.refunds.count()) == ("resolved", 0)
    assert list(faults()) == []


def test_a_suggestion_for_an_order_that_was_rounded_when_paid_is_what_was_paid() -> None:
    case = make_case(order=OrderFactory(lines=[(3, "46.00")]), quantity=3)
    Payment.objects.update(captured=Decimal(135))
    drafted = draft_plan(case)
    assert quote_for(case, drafted.items).total == 135
    assert drafted.reasons == (
        f"Order {case.order.number}: €3.00 less is suggested, because only €135.00 of €138.00 has been paid.",
    )
