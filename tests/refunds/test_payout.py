"""Claim, call, settle: what a worker does, and what is left when it dies in between."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from refunds.ledger.queries import store_credit
from refunds.models import Entry, Refund
from refunds.payouts import worker as payout
from refunds.payouts.gateways import (
    GATEWAYS,
    Failed,
    Instruction,
    Listed,
    ListedState,
    Outcome,
    Paid,
    Pending,
    RetryLater,
    Unknown,
)
from returns.models import Case
from signoff.models import OrderLine, Payment
from tests.factories.settlements import make_case_paid_by_two, make_refund, make_settled_case
from tests.steps.locks import given_up, hold, how_many_wait, outcome, somebody, until

pytestmark = pytest.mark.django_db(transaction=True)


class Scripted:
    """A provider that remembers keys: it pays each once, and answers what the script says."""

    name = "scripted"
    account = Entry.Account.BANK

    def __init__(self, *script: Outcome | type[OSError]) -> None:
        self.script = list(script)
        self.paid: dict[str, Decimal] = {}
        self.asked: list[str] = []
        self.forgets = False
        self.state = ListedState.PAID

    def send(self, refund: Instruction, key: str) -> Outcome:
        assert not connection.in_atomic_block
        self.asked.append(key)
        said = self.script.pop(0) if self.script else Paid("")
        if isinstance(said, Paid | Pending | Unknown | type) and not self.forgets:  # a lost answer may well have paid
            self.paid[key] = refund.amount
        if isinstance(said, type):
            raise said
        return Paid(f"re_{key}") if isinstance(said, Paid) else said

    def look_up(self, refund: Instruction) -> list[Listed]:
        assert not connection.in_atomic_block
        self.asked.append("list")
        return [Listed(key, self.state, f"re_{key}") for key in self.paid if key.startswith(refund.refund)]


@pytest.fixture
def provider() -> Iterator[Scripted]:
    GATEWAYS["scripted"] = Scripted()
    yield GATEWAYS["scripted"]
    del GATEWAYS["scripted"]


def again(refund: Refund) -> Refund:
    return Refund.objects.select_related("case").get(pk=refund.pk)


def test_store_credit_is_paid_at_once_and_owed_to_the_shopper() -> None:
    refund = make_refund(gateway="store_credit")

    assert payout.pay_due() == 1

    refund = again(refund)
    assert (refund.status, refund.case.status) == ("paid", "resolved")
    assert [(credit.amount, credit.currency) for credit in store_credit(refund.case.customer_id)] == [(20, "EUR")]
    assert list(refund.ledger.values_list("account", "amount")) == [("payable", 20), ("store_credit", -20)]
    assert refund.case.log.get(verb="refund_paid").facts == {
        "refund": refund.token,
        "amount": "20.00",
        "currency": "EUR",
        "gateway": "store_credit",
    }
    assert refund.case.order.lines.get().returned == 1
    assert payout.pay_due() == 0


def test_store_credit_without_a_customer_fails_with_a_sentence() -> None:
    refund = make_refund(gateway="store_credit")
    Case.objects.update(customer=None)

    payout.pay_due()

    assert again(refund).status == "failed"
    assert "no customer" in again(refund).failure


def test_a_bank_transfer_waits_for_finance_without_a_lease() -> None:
    refund = make_refund(gateway="manual")

    payout.pay_due()
    payout.pay_due(now=timezone.now() + timedelta(days=9))

    refund = again(refund)
    assert (refund.status, refund.lease_until, refund.lease_token) == ("sending", None, "")
    assert [row.history_change_reason for row in refund.history.order_by("history_id")] == [None, "send", "waiting"]


def test_a_case_with_two_refunds_is_resolved_by_the_last_one() -> None:
    case = make_settled_case(make_case_paid_by_two(), gross="50.00", gateway="store_credit")
    first, second = case.refunds.order_by("payment__position")

    assert payout.pay(second)
    assert Case.objects.get(pk=case.pk).status == "settling"
    assert payout.pay(first)
    assert not payout.pay(first)

    assert Case.objects.get(pk=case.pk).status == "resolved"


def test_a_definite_no_frees_what_was_counted(provider: Scripted) -> None:
    provider.script = [Failed("card_closed")]
    refund = make_refund(gateway="scripted")

    payout.pay_due()

    assert (again(refund).status, again(refund).failure) == ("failed", "card_closed")
    assert (Payment.objects.get().refunded, OrderLine.objects.get().refunded) == (0, 0)
    assert refund.case.log.last().verb == "refund_failed"
    assert not refund.ledger.exists()


def test_too_many_requests_means_the_same_key_later(provider: Scripted) -> None:
    provider.script = [RetryLater()]
    refund = make_refund(gateway="scripted")

    assert (payout.pay_due(), payout.pay_due()) == (1, 0)
    payout.pay_due(now=timezone.now() + timedelta(minutes=2))

    assert again(refund).status == "paid"
    assert provider.asked == [refund.idempotency_key] * 2


@pytest.mark.parametrize("lost", [Unknown("500"), TimeoutError, ConnectionResetError])
def test_a_lost_answer_is_asked_for_under_the_same_key(provider: Scripted, lost: Outcome | type[OSError]) -> None:
    provider.script = [lost]
    refund = make_refund(gateway="scripted")

    payout.pay_due()
    assert again(refund).status == "unknown"
    assert Payment.objects.get().refunded == 20
    payout.pay_due(now=timezone.now() + timedelta(minutes=11))

    assert again(refund).status == "paid"
    assert provider.paid == {refund.idempotency_key: 20}


def test_where_the_key_may_be_forgotten_the_list_is_asked(provider: Scripted) -> None:
    provider.script = [Unknown("500")]
    refund = make_refund(gateway="scripted")

    payout.pay_due()
    payout.pay_due(now=timezone.now() + timedelta(hours=21))

    assert again(refund).status == "paid"
    assert provider.asked == [refund.idempotency_key, "list"]


def test_only_what_the_list_does_not_know_is_sent_under_another_key(provider: Scripted) -> None:
    provider.script, provider.forgets = [Unknown("500", key_is_spent=True)], True
    refund = make_refund(gateway="scripted")

    payout.pay_due()
    assert again(refund).ask_first
    payout.pay_due(now=timezone.now() + timedelta(minutes=11))

    assert (again(refund).status, again(refund).attempt) == ("paid", 2)
    assert provider.asked == [refund.idempotency_key, "list", f"{refund.token}-2"]


def test_a_list_that_does_not_answer_is_asked_again(provider: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(refund: Instruction) -> list[Listed]:
        raise TimeoutError

    provider.script = [Unknown("500", key_is_spent=True)]
    refund = make_refund(gateway="scripted")
    payout.pay_due()

    monkeypatch.setattr(provider, "look_up", silent)
    payout.pay_due(now=timezone.now() + timedelta(minutes=11))

    assert (again(refund).status, again(refund).ask_first, again(refund).attempt) == ("unknown", True, 1)


def test_what_the_provider_has_taken_is_looked_up_until_it_is_paid(provider: Scripted) -> None:
    provider.script, provider.state = [Pending("re_1")], ListedState.PENDING
    refund = make_refund(gateway="scripted")

    payout.pay_due()
    assert (again(refund).status, again(refund).provider_reference) == ("pending", "re_1")
    payout.pay_due(now=timezone.now() + timedelta(hours=2))
    assert again(refund).status == "pending"
    provider.state = ListedState.PAID
    payout.pay_due(now=timezone.now() + timedelta(hours=4))

    assert again(refund).status == "paid"
    assert provider.asked == [refund.idempotency_key, "list", "list"]


def test_nothing_is_sent_anew_where_the_list_has_lost_what_was_accepted(provider: Scripted) -> None:
    provider.script, provider.forgets = [Pending("re_1")], True
    refund = make_refund(gateway="scripted")

    payout.pay_due()
    payout.pay_due(now=timezone.now() + timedelta(hours=2))

    assert (again(refund).status, again(refund).attempt) == ("unknown", 1)


def test_a_worker_killed_before_the_call_is_followed_by_another(provider: Scripted) -> None:
    refund = make_refund(gateway="scripted")
    payout.claim(timezone.now())

    assert payout.pay_due() == 0  # the lease still runs
    payout.pay_due(now=timezone.now() + timedelta(minutes=6))

    assert again(refund).status == "paid"
    assert provider.paid == {refund.idempotency_key: 20}


def test_a_worker_killed_after_the_call_does_not_pay_twice(provider: Scripted) -> None:
    refund = make_refund(gateway="scripted")
    payout.call(payout.claim(timezone.now()))

    payout.pay_due(now=timezone.now() + timedelta(minutes=6))

    assert again(refund).status == "paid"
    assert provider.paid == {refund.idempotency_key: 20}
    assert [entry.amount for entry in refund.ledger.all()] == [20, -20]


def test_after_a_worker_dead_for_a_day_the_list_is_asked(provider: Scripted) -> None:
    refund = make_refund(gateway="scripted")
    payout.claim(timezone.now())

    payout.pay_due(now=timezone.now() + timedelta(hours=21))

    assert (again(refund).status, again(refund).attempt) == ("paid", 2)
    assert provider.asked == ["list", f"{refund.token}-2"]


def test_a_worker_that_slept_past_its_lease_calls_nobody(provider: Scripted) -> None:
    make_refund(gateway="scripted")
    late = payout.claim(timezone.now())

    outcome = payout.call(late, now=timezone.now() + timedelta(minutes=6))

    assert isinstance(outcome, Unknown)
    assert provider.asked == []


def test_a_broken_refund_keeps_no_other_waiting(caplog: pytest.LogCaptureFixture) -> None:
    broken, whole = make_refund(gateway="nobody"), make_refund(gateway="store_credit")

    payout.pay_due()

    assert (again(broken).status, again(whole).status) == ("sending", "paid")
    assert "left to a later sweep" in caplog.text


def test_a_late_worker_changes_nothing(provider: Scripted) -> None:
    refund = make_refund(gateway="scripted")
    late = payout.claim(timezone.now())
    payout.pay_due(now=timezone.now() + timedelta(minutes=6))

    payout.settle(late, Failed("too late"))

    assert again(refund).status == "paid"
    assert Payment.objects.get().refunded == 20


def test_a_late_worker_does_not_answer_for_the_one_that_took_over(provider: Scripted) -> None:
    refund = make_refund(gateway="scripted")
    late = payout.claim(timezone.now())
    taken_over = payout.claim(timezone.now() + timedelta(minutes=6), among=payout.expired_leases)

    payout.settle(late, Failed("too late"))

    refund = again(refund)
    assert (refund.status, refund.lease_token, refund.lease_until) == (
        "sending",
        taken_over.lease_token,
        taken_over.lease_until,
    )
    assert Payment.objects.get().refunded == 20
    payout.settle(taken_over, Paid("re_1"))
    assert again(refund).status == "paid"


@pytest.mark.parametrize("refusals", range(1, payout.TRIES))
def test_an_answer_is_recorded_as_soon_as_the_rows_are_free(provider: Scripted, refusals: int) -> None:
    refund = make_refund(gateway="scripted")
    claimed = payout.claim(timezone.now())
    with somebody() as holder, given_up(holder, refusals) as errors:
        hold(holder, "signoff_payment", refund.payment_id)
        payout.answer(claimed)

    assert (again(refund).status, len(errors)) == ("paid", refusals)
    assert provider.asked == [refund.idempotency_key]


@pytest.mark.parametrize("tries", [1, payout.TRIES])
def test_a_worker_gives_up_after_its_tries_and_says_so(provider: Scripted, tries: int) -> None:
    refund = make_refund(gateway="scripted")
    claimed = payout.claim(timezone.now())
    with somebody() as holder, given_up(holder, tries) as errors:
        hold(holder, "signoff_payment", refund.payment_id)
        with pytest.raises(OperationalError, match="lock timeout"):
            payout.answer(claimed, tries=tries)

    assert (again(refund).status, len(errors)) == ("sending", tries)
    assert provider.asked == [refund.idempotency_key]


def answered_in_a_ring(claimed: Refund, *, tries: int) -> Any:
    """What becomes of an answer whose case somebody holds who waits for the payment that the worker has.

    The worker waits for an order line until then: it is the last to join the ring, and so it finds and breaks it.
    """
    line = claimed.case.lines.get().order_line_id
    with ThreadPoolExecutor(2) as pool, somebody() as holder, somebody() as other:
        hold(holder, "returns_case", claimed.case_id)
        hold(other, "signoff_orderline", line)
        worker = pool.submit(outcome, lambda: payout.answer(claimed, tries=tries))
        until(lambda: how_many_wait() == 1)
        waiting = pool.submit(hold, holder, "signoff_payment", claimed.payment_id)
        until(lambda: how_many_wait() == 2)
        other.rollback()
        waiting.result()
        holder.rollback()
        return worker.result()


def test_a_worker_that_gives_way_to_a_deadlock_records_its_answer_again(provider: Scripted) -> None:
    refund = make_refund(gateway="scripted")

    answered_in_a_ring(payout.claim(timezone.now()), tries=20)  # it may take the payment before the other does

    assert again(refund).status == "paid"
    assert provider.asked == [refund.idempotency_key]


def test_with_one_try_the_deadlock_is_left_to_a_later_sweep(provider: Scripted) -> None:
    refund = make_refund(gateway="scripted")

    ended = answered_in_a_ring(payout.claim(timezone.now()), tries=1)

    assert "deadlock detected" in str(ended)
    assert again(refund).status == "sending"


def test_two_workers_never_claim_the_same_refund() -> None:
    make_refund()

    assert payout.claim(timezone.now()) is not None
    assert payout.claim(timezone.now()) is None


def test_a_refund_is_not_claimed_before_it_is_due() -> None:
    refund = make_refund()

    assert payout.claim(refund.due_at - timedelta(seconds=1)) is None
