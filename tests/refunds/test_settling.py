from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from refunds.ledger.booking import Occasion, Side, book
from refunds.ledger.caps import ExceedsRefundable
from refunds.models import Entry, Refund, Replacement
from refunds.payouts.gateways import Paid
from refunds.payouts.worker import claim, settle
from refunds.pricing.shares import shares_of
from refunds.settlement import finish
from refunds.settlement.replacements import send_replacement
from returns.intake.actions import Wish, open_case
from returns.lifecycle.actions import move
from returns.models import Case
from returns.review.actions import reopen
from signoff.models import OrderLine, Payment
from tests.factories import OrderFactory, ReasonFactory, UserFactory, make_case
from tests.factories.settlements import (
    make_case_paid_by_two,
    make_order_paid_by_two,
    make_plan,
    make_settled_case,
    settle_case,
)

pytestmark = pytest.mark.django_db


def counted(order: object) -> list[Decimal]:
    rows = [*Payment.objects.filter(order=order), *OrderLine.objects.filter(order=order)]
    return [row.refunded for row in rows]


def test_settling_counts_the_money_makes_a_refund_and_books_the_debt() -> None:
    case = make_settled_case(gross="20.00", tax="3.19")

    refund = case.refunds.get()
    assert (case.status, refund.status, refund.amount, refund.gateway) == ("settling", "due", Decimal(20), "manual")
    assert refund.idempotency_key == f"{refund.token}-1"
    assert counted(case.order) == [Decimal(20), Decimal(20)]
    assert list(case.ledger.values_list("account", "amount", "voucher")) == [
        (Entry.Account.RETURNS, Decimal("16.81"), 1),
        (Entry.Account.TAX, Decimal("3.19"), 1),
        (Entry.Account.PAYABLE, Decimal("-20.00"), 1),
    ]


def test_a_plan_is_paid_back_to_the_payments_in_their_order() -> None:
    case = make_settled_case(make_case_paid_by_two(), gross="50.00")

    assert list(case.refunds.order_by("payment__position").values_list("amount", flat=True)) == [30, 20]
    assert counted(case.order) == [30, 20, 50, 0]


def test_each_refund_knows_its_share_of_every_line() -> None:
    order = make_case_paid_by_two().order
    wishes = [Wish(order.lines.last(), 2, ReasonFactory(shop=order.shop), "refund")]
    case = open_case(order, wishes, by=None, channel=Case.Channel.AGENT)
    order.lines.first().case_lines.get()
    case = make_settled_case(case, gross="40.00")

    shares = [[share.amount for share in shares_of(refund)] for refund in case.refunds.order_by("payment__position")]
    assert shares == [[30], [10]]


def test_what_the_first_payment_gave_back_of_a_line_the_second_does_not_give_again() -> None:
    order = make_order_paid_by_two()
    lines, reason = list(order.lines.order_by("pk")), ReasonFactory(shop=order.shop)
    case = open_case(order, [Wish(line, 2, reason, "refund") for line in lines], by=None, channel=Case.Channel.AGENT)
    case = make_settled_case(case, gross="40.00", lines=list(case.lines.order_by("pk")))

    assert [
        [(share.item.line.order_line, share.amount) for share in shares_of(refund)]
        for refund in case.refunds.order_by("payment__position")
    ] == [[(lines[0], 30)], [(lines[0], 10), (lines[1], 40)]]
    assert counted(case.order) == [30, 50, 40, 40]


def test_a_payment_with_nothing_left_gets_no_refund() -> None:
    case = make_case_paid_by_two()
    case.order.payments.filter(position=1).update(refunded=Decimal("30.00"))

    case = make_settled_case(case, gross="50.00")

    assert [(refund.payment.position, refund.amount) for refund in case.refunds.all()] == [(2, 50)]
    assert counted(case.order) == [30, 50, 50, 0]


def test_lines_of_two_orders_are_paid_back_to_the_payments_of_each() -> None:
    first, second = OrderFactory(), OrderFactory()
    reason = ReasonFactory(shop=first.shop)
    wishes = [Wish(order.lines.get(), 1, reason, "refund") for order in (first, second)]
    case = open_case(first, wishes, by=None, channel=Case.Channel.IMPORT)
    case = make_settled_case(case, lines=list(case.lines.all()))

    assert {(refund.payment.order, refund.amount) for refund in case.refunds.all()} == {(first, 20), (second, 20)}
    assert counted(first) == counted(second) == [20, 20]


def test_more_than_was_paid_is_refused_and_nothing_is_kept() -> None:
    case = move(make_case(), Case.propose, by=None)
    make_plan(case, gross="20.00")
    Payment.objects.update(refunded=Decimal("40.01"))

    with pytest.raises(ExceedsRefundable, match="part was paid back earlier"):
        settle_case(case, by=None)

    assert Case.objects.get(pk=case.pk).status == "awaiting_approval"
    assert not Refund.objects.exists()
    assert not Entry.objects.exists()


def test_more_than_is_left_of_a_line_is_refused() -> None:
    case = move(make_case(), Case.propose, by=None)
    make_plan(case, gross="20.00")
    OrderLine.objects.update(refunded=Decimal("40.01"))

    with pytest.raises(ExceedsRefundable, match="more than is left to refund"):
        settle_case(case, by=None)


def test_without_an_approved_plan_nothing_is_settled() -> None:
    case = move(make_case(), Case.propose, by=None)

    with pytest.raises(TransitionNotAllowed, match="no approved plan"):
        settle_case(case, by=None)


def test_an_agent_may_not_settle() -> None:
    case = move(make_case(), Case.propose, by=None)
    make_plan(case)

    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        settle_case(case, by=UserFactory(role="agent"))


def test_a_plan_that_owes_nothing_resolves_the_case_at_once() -> None:
    case = make_settled_case(gross="0", remedy="refund")

    assert case.status == "resolved"
    assert not Entry.objects.exists()


def test_a_replacement_is_owed_until_it_is_sent() -> None:
    case = make_settled_case(gross="0", remedy="exchange")
    replacement = case.replacements.get()
    assert (case.status, replacement.kind, replacement.quantity) == ("settling", Replacement.Kind.EXCHANGE, 1)

    send_replacement(replacement, by=UserFactory(role="agent"), carrier="DHL", tracking_number="JJD1")

    parcel = case.parcels.get()
    assert (parcel.direction, parcel.tracking_number, parcel.lines.get().quantity) == ("replacement", "JJD1", 1)
    assert Case.objects.get(pk=case.pk).status == "resolved"
    assert case.order.lines.get().returned == 1
    assert [entry.verb for entry in case.log.all()][-2:] == ["replacement_sent", "resolve"]


def test_a_replacement_is_sent_only_once_and_only_by_those_who_may() -> None:
    replacement = make_settled_case(gross="0", remedy="resend").replacements.get()
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        send_replacement(replacement, by=UserFactory(role="inspector"), carrier="", tracking_number="")

    send_replacement(replacement, by=None, carrier="DHL", tracking_number="JJD1")

    with pytest.raises(TransitionNotAllowed, match="already sent"):
        send_replacement(replacement, by=None, carrier="DHL", tracking_number="JJD2")


def test_a_reopened_case_is_settled_again_and_its_units_count_once() -> None:
    case = make_settled_case(gross="0", remedy="refund")
    case = reopen(case, by=None)
    case.resolutions.update(superseded_at=case.status_since)

    case = make_settled_case(case, gross="20.00", gateway="store_credit")
    line = case.order.lines.get()
    assert (case.status, line.returning, line.returned) == ("settling", 1, 0)
    refund = case.refunds.get()
    settle(claim(refund.due_at, only=refund), Paid("SC-1"))

    line = case.order.lines.get()
    assert (Case.objects.get(pk=case.pk).status, line.returning, line.returned) == ("resolved", 0, 1)


def book_as_paid(refund: Refund) -> None:
    """Paid, but nobody has looked yet whether the case is resolved by it."""
    Refund.objects.filter(pk=refund.pk).update(status=Refund.Status.PAID, paid_at=timezone.now())
    sides = [Side(Entry.Account.PAYABLE, refund.amount), Side(Entry.Account.BANK, -refund.amount)]
    book(refund.case, sides=sides, currency=refund.currency, occasion=Occasion.PAID, refund=refund)


def test_a_case_that_cannot_be_resolved_keeps_no_other_waiting() -> None:
    broken, sound = make_settled_case(), make_settled_case()
    for refund in Refund.objects.all():
        book_as_paid(refund)
    OrderLine.objects.filter(case_lines__case=broken).update(returning=0)  # its units cannot be counted as returned

    assert finish.finish_settled() == 1
    assert [Case.objects.get(pk=case.pk).status for case in (broken, sound)] == ["settling", "resolved"]
