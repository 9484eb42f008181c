"""What a provider tells unasked moves a refund only forward, however late, often or false it is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from refunds.ledger.audit.consistency import faults
from refunds.models import Entry, Refund
from refunds.payouts import manual, worker
from refunds.payouts.gateways import GATEWAYS, Failed, Instruction, Listed, ListedState, Outcome, Pending, Unknown
from refunds.payouts.provider_notices import handle_notice
from returns.lifecycle.actions import move
from returns.logbook.verify import Verification
from returns.models import Case
from signoff.models import Payment
from tests.factories.settlements import make_refund

pytestmark = pytest.mark.django_db(transaction=True)


class Told:
    """A provider that answers ``says`` and lists every key it was sent in ``state``."""

    name = "told"
    account = Entry.Account.BANK

    def __init__(self) -> None:
        self.says: Outcome = Unknown("500")
        self.state = ListedState.PENDING
        self.sent: list[str] = []

    def send(self, refund: Instruction, key: str) -> Outcome:
        self.sent.append(key)
        return self.says

    def look_up(self, refund: Instruction) -> list[Listed]:
        return [Listed(key, self.state, f"re_{key}") for key in self.sent if key.startswith(refund.refund)]


@pytest.fixture
def provider() -> Iterator[Told]:
    GATEWAYS["told"] = Told()
    yield GATEWAYS["told"]
    del GATEWAYS["told"]


def read_notice(refund: Refund) -> Refund:
    handle_notice("told", refund.token)
    return Refund.objects.get(pk=refund.pk)


def test_a_notice_moves_a_refund_forward_and_never_back(provider: Told) -> None:
    refund = make_refund(gateway="told")
    worker.pay_due()
    states = []

    for state in ("pending", "paid", "pending", "failed", "paid", "reversed", "paid"):
        provider.state = ListedState(state)
        states.append(read_notice(refund).status)

    assert states == ["pending", "paid", "paid", "paid", "paid", "reversed", "reversed"]
    assert [entry.verb for entry in refund.case.log.all()][-3:] == ["refund_paid", "resolve", "refund_reversed"]
    assert [entry.amount for entry in refund.ledger.order_by("seq")] == [20, -20, -20, 20]
    assert not list(faults())


def test_a_notice_before_our_own_commit_is_attached_and_the_worker_comes_late(provider: Told) -> None:
    refund = make_refund(gateway="told")
    provider.state = ListedState.PAID
    claimed = worker.claim(timezone.now())
    answer = worker.call(claimed)

    assert read_notice(refund).status == "paid"
    worker.settle(claimed, answer)

    assert read_notice(refund).status == "paid"
    assert refund.ledger.count() == 2


def test_a_notice_of_what_was_never_sent_changes_nothing(provider: Told) -> None:
    refund = make_refund(gateway="told")

    assert read_notice(refund).status == "due"
    assert handle_notice("told", "nobody-knows-this") is None
    assert handle_notice("manual", refund.token) is None


def test_what_people_took_for_unpaid_is_counted_again(provider: Told) -> None:
    refund = make_refund(gateway="told")
    worker.pay_due()
    manual.mark_failed(refund, by=None, why="The provider is silent")
    assert Payment.objects.get().refunded == 0

    provider.state = ListedState.PAID

    assert read_notice(refund).status == "paid"
    assert Payment.objects.get().refunded == 20
    assert not list(faults())


def test_a_retry_finds_out_first_whether_the_last_attempt_was_paid_after_all(provider: Told) -> None:
    refund = make_refund(gateway="told")
    worker.pay_due()
    manual.mark_failed(refund, by=None, why="The provider is silent")
    provider.state = ListedState.PAID

    manual.retry(refund, by=None)
    worker.pay_due()

    assert read_notice(refund).status == "paid"
    assert provider.sent == [f"{refund.token}-1"]


def test_a_failure_of_an_earlier_attempt_does_not_touch_the_next(provider: Told) -> None:
    provider.says, provider.state = Failed("closed"), ListedState.FAILED
    refund = make_refund(gateway="told")
    worker.pay_due()
    provider.says = Pending("re_2")
    manual.retry(refund, by=None)

    assert read_notice(refund).status == "due"
    worker.pay_due()

    assert Refund.objects.get().status == "pending"
    assert provider.sent == [f"{refund.token}-1", f"{refund.token}-2"]


def test_money_that_comes_back_after_the_case_was_closed_is_booked_and_paid_anew(provider: Told) -> None:
    refund = make_refund(gateway="told")
    worker.pay_due()
    provider.state = ListedState.PAID
    read_notice(refund)
    case = move(refund.case, Case.close, by=None)
    provider.state = ListedState.REVERSED

    assert read_notice(refund).status == "reversed"
    manual.retry(refund, by=None)
    provider.says = Pending("re_2")
    worker.pay_due(now=timezone.now() + timedelta(minutes=1))
    provider.state = ListedState.PAID

    assert read_notice(refund).status == "paid"
    closed = Case.objects.get()
    told_of = list(closed.log.filter(seq__gt=case.seq).values_list("verb", "target"))
    assert told_of == [(verb, "closed") for verb in ("refund_reversed", "refund_retried", "refund_paid")]
    assert closed.status_since == case.status_since
    assert not list(Verification().faults())
    assert sum(entry.amount for entry in refund.ledger.filter(account="payable")) == 20
    assert not list(faults())
