"""One payment, fifty ways out of it pressed at once: no more leaves than came in, and every counter is its sum."""

from collections.abc import Callable
from decimal import Decimal
from itertools import cycle, islice

import pytest
from django.db.models import F

from refunds.actions import payout
from refunds.models import Refund
from returns.actions import Wish, open_case
from returns.models import Case
from signoff.models import Order, Payment
from tests.factories import ApprovalTierFactory, OrderFactory, ReasonFactory
from tests.proof.bank import Findings
from tests.proof.crowd import CROWD, Answer, Person, all_rounders, at_once, shoppers, staff
from tests.proof.server import Server
from tests.refunds.plans import of_lines, offered, proposed

pytestmark = pytest.mark.django_db(transaction=True)
MUCH, LITTLE = Decimal("20.00"), Decimal("10.00")  # with and without an approver
FRESH_MONEY = Decimal("30.00")
Press = Callable[[], Answer]


class Run:
    """An order of many articles with a case about each, paid by one payment that has far too little left."""

    def __init__(self, server: Server, **headers: str) -> None:
        self.found = Findings()
        users = all_rounders()
        ApprovalTierFactory(approvers=0)
        ApprovalTierFactory(above=(MUCH + LITTLE) / 2)
        self.order = OrderFactory(lines=[(1, str(MUCH))] * (CROWD // 2))
        self.people = staff(server, users, **headers)
        self.browsers = shoppers(server, [self.order], CROWD, **headers)
        self.turn = 0
        self.settled = 0
        _open_cases(self.order)
        Payment.objects.update(captured=FRESH_MONEY)

    def rush(self) -> None:
        """Approvals, a shopper's yes, plans that need nobody, failed refunds tried anew: all for the same money."""
        Payment.objects.update(captured=F("captured") + FRESH_MONEY)
        waiting = Case.objects.filter(status__in=["awaiting_approval", "offered", "submitted"]).order_by("?")
        before = set(waiting)
        failed = Refund.objects.filter(status="failed").order_by("?")[:10]
        buttons = [*map(self._claim, before), *map(self._retry, failed)]
        answers = at_once(list(islice(cycle(buttons), CROWD)))
        self.found.judge(answers)
        gone = before - set(waiting.all())
        said = sorted(answer.path.split("/")[-3] for answer in answers if answer.won and "/cases/" in answer.path)
        done = sorted(case.number for case in gone)
        self.found.expect(said == done, f"done is {done}, said to be done {said}")
        self.settled += len(gone)

    def bank(self) -> None:
        """Finance confirms and fails the same transfers at once."""
        payout.pay_due()
        sent = list(Refund.objects.filter(status="sending", lease_until=None))
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
        form = {"seen": str(case.seq), "gateway": "manual", "note": typed, f"{line}-remedy": "refund"}
        form |= {f"{line}-quantity": "1", f"{line}-amount": str(LITTLE)}
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
            proposed(case, goods_come_back=False, gateway="manual")
        elif number % 3 == 1:
            items = of_lines(case, remedy="refund", amount=LITTLE)
            offered(case, items=items, goods_come_back=False, gateway="manual")


def play(run: Run, rounds: int) -> Findings:
    for number in range(rounds):
        if number % 2:
            run.bank()
        else:
            run.rush()
    return run.found


def test_fifty_ways_out_of_one_payment_give_back_no_more_than_came_in(
    server: Server, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    rounds, played = size(3, 40), 0
    found = Findings()
    while played < rounds:  # a new order when the cases of one are through
        run = Run(server)
        one = play(run, min(10, rounds - played))
        played += one.rounds
        assert run.settled
        found = Findings(*(a + b for a, b in zip(vars(found).values(), vars(one).values(), strict=True)))
    assert found.all == []
    figure("Concurrency", "one payment: rounds of 50 at once", found.rounds, "", f"≥ {rounds}")
    figure("Concurrency", "over-captured, or a counter that is not its sum", len(found.over), "", "= 0")


def test_the_checker_finds_money_that_was_looked_for_and_then_counted(faulty_server: Server) -> None:
    run = Run(faulty_server, **{"X-Fault": "looked then counted"})
    run.rush()
    assert any("of 60" in found or "counts" in found for found in run.found.over)
