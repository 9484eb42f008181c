"""One payment, fifty ways out of it pressed at once: no more leaves than came in, and every counter is its sum."""

from collections.abc import Callable
from decimal import Decimal
from itertools import cycle, islice

import pytest
from django.db.models import F

from refunds.models import Refund
from refunds.payouts import worker
from returns.intake.actions import Wish, open_case
from returns.models import Case
from signoff.models import Order
from tests.factories import ApprovalTierFactory, OrderFactory, ReasonFactory
from tests.proof.concurrent_clients import CROWD, Answer, Person, all_rounders, at_once, let_in, shoppers, staff
from tests.proof.money_checks import MoneyCheck
from tests.proof.server import Server
from tests.steps.plans import draft_items, offer_plan, propose_plan

pytestmark = pytest.mark.django_db(transaction=True)
MUCH, LITTLE = Decimal("20.00"), Decimal("10.00")  # with and without an approver
FRESH_MONEY = Decimal("30.00")
ROUNDS_OF_AN_ORDER = 10
Press = Callable[[], Answer]


class Run:
    """Orders of many articles with a case about each, paid by one payment that has far too little left."""

    def __init__(self, server: Server, **headers: str) -> None:
        self.found = MoneyCheck()
        users = all_rounders()
        ApprovalTierFactory(approvers=0)
        ApprovalTierFactory(above=(MUCH + LITTLE) / 2)
        self.people = staff(server, users, **headers)
        self.browsers = shoppers(server, [], CROWD, **headers)
        self.turn = 0
        self.settled = 0

    def play(self, rounds: int) -> MoneyCheck:
        """The rush and the bank by turns, with a new order when the cases of one may be through."""
        for number in range(rounds):
            if number % ROUNDS_OF_AN_ORDER == 0:
                self.begin()
            if number % 2:
                self.bank()
            else:
                self.rush()
        return self.found

    def begin(self) -> None:
        self.order = OrderFactory(lines=[(1, str(MUCH))] * (CROWD // 2))
        _open_cases(self.order)
        self.order.payments.update(captured=FRESH_MONEY)
        let_in(self.browsers, self.order)

    def rush(self) -> None:
        """Approvals, a shopper's yes, plans that need nobody, failed refunds tried anew: all for the same money."""
        self.order.payments.update(captured=F("captured") + FRESH_MONEY)
        waiting = self.order.cases.filter(status__in=["awaiting_approval", "offered", "submitted"]).order_by("?")
        before = set(waiting)
        failed = Refund.objects.filter(payment__order=self.order, status="failed").order_by("?")[:10]
        buttons = [*map(self._claim, before), *map(self._retry, failed)]
        answers = at_once(list(islice(cycle(buttons), CROWD)))
        self.found.judge(answers)
        gone = before - set(waiting.all())
        said = sorted(answer.path.split("/")[-3] for answer in answers if answer.won and "/cases/" in answer.path)
        done = sorted(case.number for case in gone)
        self.found.expect(said == done, f"done is {done}, said to be done {said}")
        self.settled += Case.objects.filter(pk__in=[case.pk for case in gone], status="settling").count()
        self.found.expect(not self.order.cases.filter(status="authorised").exists(), "a plan waits for the goods")

    def bank(self) -> None:
        """Finance confirms and fails the same transfers at once."""
        worker.pay_due()
        sent = list(Refund.objects.filter(payment__order=self.order, status="sending", lease_until=None))
        buttons = [self._answer(refund, step) for refund in sent for step in ("confirm", "fail", "confirm")]
        answers = at_once(list(islice(cycle(buttons), CROWD)))
        self.found.judge(answers)
        for refund in sent:
            self.found.one_winner([one for one in answers if refund.token in one.path], f"refund {refund.pk}")

    def _claim(self, case: Case) -> Press:
        person, page = self._next(), f"/desk/cases/{case.number}"
        match case.status:
            case "awaiting_approval":
                form = {"seen": str(case.seq), "answer": "approve", "words": (typed := f"Yes from {self.turn}")}
                return lambda: person.post(f"{page}/authorise/", form, typed=typed)
            case "offered":
                browser, form = self.browsers[self.turn % CROWD], {"seen": str(case.seq)}
                return lambda: browser.post(f"/cases/{case.number}/accept_offer/", form)
        line, typed = f"line{case.lines.get().pk}", f"Note {self.turn}"
        form = {"seen": str(case.seq), "derived": "on", "gateway": "manual", "note": typed}  # the goods stay there
        form |= {f"{line}-remedy": "refund", f"{line}-quantity": "1", f"{line}-amount": str(LITTLE)}
        return lambda: person.post(f"{page}/propose/", form, typed=typed)

    def _retry(self, refund: Refund) -> Press:
        person = self._next()
        return lambda: person.post(f"/desk/refunds/{refund.token}/retry/", {})

    def _answer(self, refund: Refund, step: str) -> Press:
        person, typed = self._next(), f"{step}-{self.turn}"
        form = {"reference" if step == "confirm" else "why": typed}
        return lambda: person.post(f"/desk/refunds/{refund.token}/{step}/", form, typed=typed)

    def _next(self) -> Person:
        self.turn += 1
        return self.people[self.turn % CROWD]


def _open_cases(order: Order) -> None:
    """A third waits for approval, a third for the shopper's yes, a third for a plan."""
    reason = ReasonFactory(shop=order.shop)
    for number, line in enumerate(order.lines.all()):
        case = open_case(order, [Wish(line, 1, reason, "refund")], by=order.customer, channel=Case.Channel.PORTAL)
        if number % 3 == 0:
            propose_plan(case, goods_come_back=False, gateway="manual")
        elif number % 3 == 1:
            items = draft_items(case, remedy="refund", amount=LITTLE)
            offer_plan(case, items=items, goods_come_back=False, gateway="manual")


def test_fifty_ways_out_of_one_payment_give_back_no_more_than_came_in(
    server: Server, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    rounds, run = size(3, 40), Run(server)
    found = run.play(rounds)
    assert found.all == []
    assert run.settled >= rounds / 2
    found.tell(figure, "one payment", rounds)
    figure("Concurrency", "over-captured, or a counter that is not its sum", len(found.over), "", "= 0")


def test_the_checker_finds_money_that_was_looked_for_and_then_counted(faulty_server: Server) -> None:
    run = Run(faulty_server, **{"X-Fault": "looked then counted"})
    run.begin()
    run.rush()
    assert any(f"of {FRESH_MONEY * 2}" in found or "counts" in found for found in run.found.over)
