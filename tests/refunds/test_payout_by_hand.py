"""What finance does: confirm, mark as failed, retry; and who may not."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from refunds.ledger.caps import ExceedsRefundable
from refunds.models import Refund
from refunds.payouts import worker
from refunds.payouts.gateways import Waiting
from refunds.payouts.manual import ReferenceTaken, confirm_paid, mark_failed, retry
from refunds.payouts.worker import InsideTransaction
from returns.models import Case
from signoff.models import OrderLine, Payment
from tests.factories import UserFactory
from tests.factories.settlements import make_refund

pytestmark = pytest.mark.django_db


def waiting() -> Refund:
    """A bank transfer that finance has to make."""
    return worker.settle(claimed(gateway="manual"), Waiting())


def claimed(**options: str) -> Refund:
    """A refund that a worker is at."""
    refund = make_refund(**options)
    return worker.claim(timezone.now(), only=refund)


def test_finance_confirms_with_the_banks_reference() -> None:
    finance = UserFactory(role="finance")

    refund = confirm_paid(waiting(), by=finance, reference="TRX-81")

    assert (refund.status, refund.provider_reference, refund.confirmed_by) == ("paid", "TRX-81", finance)
    assert list(refund.ledger.values_list("account", "amount")) == [("payable", 20), ("bank", -20)]
    assert refund.case.log.get(verb="refund_paid").by == finance
    assert Case.objects.get().status == "resolved"


def test_a_reference_belongs_to_one_refund() -> None:
    confirm_paid(waiting(), by=None, reference="TRX-81")
    second = waiting()

    with pytest.raises(ReferenceTaken, match="TRX-81"):
        confirm_paid(second, by=None, reference="TRX-81")

    assert Refund.objects.get(pk=second.pk).status == "sending"


def test_a_refund_is_confirmed_only_once() -> None:
    refund = waiting()
    confirm_paid(refund, by=None, reference="TRX-81")

    with pytest.raises(TransitionNotAllowed, match="Its status is now “paid”"):
        confirm_paid(refund, by=None, reference="TRX-82")
    with pytest.raises(TransitionNotAllowed, match="Its status is now “paid”"):
        mark_failed(refund, by=None, why="no")

    assert refund.ledger.count() == 2


def test_nobody_confirms_what_a_worker_is_sending() -> None:
    refund = claimed(gateway="store_credit")

    with pytest.raises(TransitionNotAllowed, match="Its status is now “being sent”"):
        confirm_paid(refund, by=None, reference="TRX-81")


@pytest.mark.parametrize("role", ["agent", "inspector", "manager"])
def test_only_finance_touches_refunds(role: str) -> None:
    refund, other = waiting(), UserFactory(role=role)

    for action in (
        lambda: confirm_paid(refund, by=other, reference="TRX-81"),
        lambda: mark_failed(refund, by=other, why="no"),
        lambda: retry(refund, by=other),
        lambda: confirm_paid(refund, by=refund.case.customer, reference="TRX-81"),
    ):
        with pytest.raises(
            PermissionDenied, match=(r"You don't have permission for this step\. Ask a colleague who has")
        ):
            action()


def test_a_failed_refund_is_tried_again_under_another_key() -> None:
    finance = UserFactory(role="finance")
    refund = mark_failed(waiting(), by=finance, why="IBAN does not exist")
    assert (Payment.objects.get().refunded, OrderLine.objects.get().refunded) == (0, 0)

    refund = retry(refund, by=finance)

    assert (refund.status, refund.attempt, refund.failure) == ("due", 2, "")
    assert refund.idempotency_key == f"{refund.token}-2"
    assert (Payment.objects.get().refunded, OrderLine.objects.get().refunded) == (20, 20)
    assert [entry.verb for entry in refund.case.log.all()][-2:] == ["refund_failed", "refund_retried"]
    with pytest.raises(TransitionNotAllowed, match="Its status is now “to be paid”"):
        retry(refund, by=finance)


def test_a_retry_is_refused_when_the_money_went_back_another_way() -> None:
    refund = mark_failed(waiting(), by=None, why="IBAN does not exist")
    Payment.objects.update(refunded=Decimal("50"))

    with pytest.raises(ExceedsRefundable, match="more than is left to refund"):
        retry(refund, by=None)

    assert Refund.objects.get(pk=refund.pk).attempt == 1


def test_a_gateway_is_never_called_inside_a_transaction() -> None:
    with pytest.raises(InsideTransaction, match="refund "):
        worker.call(claimed())
