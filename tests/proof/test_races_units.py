"""One order line, fifty requests for its units at once: no unit is promised twice, none is refunded twice."""

from collections.abc import Callable

import pytest
from django.db import connection

from returns.models import Case, Draft
from signoff.models import Order
from tests.factories import ApprovalTierFactory, OrderFactory, ReasonFactory
from tests.proof.concurrent_clients import CROWD, Answer, all_rounders, at_once, let_in, shoppers, staff
from tests.proof.money_checks import MoneyCheck
from tests.proof.server import Server

pytestmark = pytest.mark.django_db(transaction=True)
BOUGHT = 10
Press = Callable[[], Answer]
Manner = Callable[[list[Press]], list[Answer]]


class Run:
    """Fifty browsers of one shopper, whose order has ten units; an agent's plan needs nobody's approval."""

    def __init__(self, server: Server, *, press: Manner = at_once, **headers: str) -> None:
        self.found, self.press = MoneyCheck(), press
        users = all_rounders()
        ApprovalTierFactory(approvers=0)
        self.people = staff(server, users, **headers)
        self.browsers = shoppers(server, [], CROWD, **headers)

    def play(self, rounds: int) -> MoneyCheck:
        """The first round asks for everything; the next ones ask again while that is cancelled and refunded."""
        order = OrderFactory()
        for number in range(rounds):
            if number % 3 == 0:
                order = OrderFactory(lines=[(BOUGHT, "20.00")])
                ReasonFactory(shop=order.shop)
                let_in(self.browsers, order)
            self._everybody(order)
        return self.found

    def _everybody(self, order: Order) -> None:
        """New requests, each sent twice, and two ends for each case that is open."""
        live = list(Case.objects.filter(order=order, status="submitted"))
        ends = [press for place, case in enumerate(live) for press in self._ends(case, place)]
        drafts = [_draft(order, 1 + number % 3) for number in range((CROWD - len(ends)) // 2)]
        requests = [self._request(draft, place) for place, draft in enumerate(drafts)]
        answers = self.press([*requests, *ends, *requests])
        self.found.judge(answers)
        for draft in drafts:
            self._see_draft(draft, answers)
        for case in live:
            self._see_end(case, answers)

    def _see_draft(self, draft: Draft, answers: list[Answer]) -> None:
        """It became one case, and both answers lead there (or the first one back, when units came free later)."""
        draft.refresh_from_db()
        led = {answer.location for answer in answers if draft.token in answer.path}
        back = f"/orders/{draft.order.token}/request/?draft={draft.token}"
        cases = {f"/cases/{draft.case.number}/"} if draft.case else set()
        self.found.expect(cases <= led <= cases | {back}, f"draft {draft.pk}, case {draft.case}: {led}")

    def _see_end(self, case: Case, answers: list[Answer]) -> None:
        case.refresh_from_db()
        ended = [answer for answer in answers if answer.won and case.number in answer.path]
        self.found.expect(len(ended) == (case.status != "submitted"), f"{case} ended {len(ended)} times")

    def _request(self, draft: Draft, place: int) -> Press:
        address = f"/orders/{draft.order.token}/request/{draft.token}/check/"
        return lambda: self.browsers[place].post(address, {})

    def _ends(self, case: Case, place: int) -> list[Press]:
        """The shopper cancels while an agent refunds it; from every third only the agent wants something."""
        browser, agent, line, seen = self.browsers[place], self.people[place], case.lines.get(), {"seen": str(case.seq)}
        # as the form was drawn, with the box "the goods come back" unticked: what is refunded is settled at once
        plan = {"derived": "on", "gateway": "manual", "note": "At once.", f"line{line.pk}-remedy": "refund"}
        plan[f"line{line.pk}-quantity"] = str(line.requested)
        ends: list[Press] = [
            lambda: agent.post(f"/desk/cases/{case.number}/propose/", seen | plan, typed="At once."),
            lambda: browser.post(f"/cases/{case.number}/cancel/", seen | {"reason": "Found."}, typed="Found."),
        ]
        return ends[: 1 if place % 3 == 0 else 2]


def _draft(order: Order, quantity: int) -> Draft:
    said = {
        "line": order.lines.get().pk,
        "quantity": quantity,
        "reason": "defective",
        "wish": "refund",
        "words": "Dark.",
    }
    return Draft.objects.create(order=order, data={"lines": [said]})


def test_no_unit_is_promised_or_refunded_twice(
    server: Server, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    rounds = size(3, 40)
    found = Run(server).play(rounds)
    assert found.all == []
    assert Case.objects.filter(status="settling").exists()
    found.tell(figure, "one order line", rounds)
    figure("Concurrency", "units promised beyond what was bought", len(found.over), "", "= 0")


def test_the_checker_finds_units_that_nobody_counted(faulty_server: Server) -> None:
    with connection.cursor() as cursor:  # what the database itself would refuse
        cursor.execute("ALTER TABLE returns_line DROP CONSTRAINT no_unit_in_two_live_cases")
    found = Run(faulty_server, **{"X-Fault": "units not counted"}).play(1)
    assert any(f"of {BOUGHT}" in sentence for sentence in found.over)


def one_by_one(presses: list[Press]) -> list[Answer]:
    return [press() for press in presses]


def test_the_database_alone_refuses_what_nobody_counted(faulty_server: Server) -> None:
    """Not at once: with no row to wait at they may wait for one another until all are asked to try again later."""
    found = Run(faulty_server, press=one_by_one, **{"X-Fault": "units not counted"}).play(1)
    assert any(sentence.startswith("500") for sentence in found.impolite)
    assert not any(f"of {BOUGHT}" in sentence for sentence in found.over)
