"""One case, fifty people who decide about it at once: one of them does, the others are told and lose no word."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from refunds.payouts import worker
from returns.models import Case, Statement
from returns.review.assignment import take
from tests.factories import ApprovalTierFactory, make_case
from tests.factories.settlements import make_settled_case
from tests.proof.concurrent_clients import CROWD, Answer, Person, all_rounders, at_once, let_in, shoppers, staff
from tests.proof.decision_forms import (
    ANSWERS,
    APPROVAL,
    ARRIVAL,
    REVIEW,
    VERDICT,
    DecisionForm,
    in_transit,
    received,
    submitted,
    with_a_plan,
    with_an_offer,
)
from tests.proof.money_checks import MoneyCheck
from tests.proof.server import Server

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Storm:
    """Fifty members of staff who may do everything, fifty browsers of the shopper, and what the checker found."""

    people: list[Person]
    browsers: list[Person]
    found: MoneyCheck

    def decide(self, case: Case, decisions: list[DecisionForm], number: int) -> None:
        """Everybody has one of the forms open, and sends it at the same moment."""
        let_in(self.browsers, case.order)
        crowds = [self.browsers if decision.shopper else self.people for decision in decisions]
        drawn = [crowd[0].form(decision.address(case)) for decision, crowd in zip(decisions, crowds, strict=True)]
        presses, typed = [], []
        for place in range(CROWD):
            turn = place % len(decisions)
            typed.append(f"Round {number}: “{place}” <says> 归程" if decisions[turn].words else "")
            form = decisions[turn].filled(drawn[turn], typed[place])
            presses.append(_press(crowds[turn][place], decisions[turn].address(case), form, typed[place]))
        answers = at_once(presses)
        self.found.judge(answers)
        if winner := self.found.one_winner(answers, f"{case.number} {decisions[0].step}"):
            place = answers.index(winner)
            self._see_effect(case, decisions[place % len(decisions)], typed[place])

    def _see_effect(self, case: Case, decision: DecisionForm, typed: str) -> None:
        """What the winner wanted is done, and nobody else's words are kept."""
        now = Case.objects.get(pk=case.pk)
        self.found.expect(now.status == decision.leads_to, f"{case.number}: {decision.step} led to {now.status}")
        if decision.step == "accept_offer":
            owed = now.refunds.filter(resolution__superseded_at=None).exists()
            self.found.expect(owed, f"{case.number}: the offer was accepted and is not carried out")
        said = set(Statement.objects.filter(case=case, words__startswith="Round ").values_list("words", flat=True))
        self.found.expect(said <= {typed}, f"{case.number}: words of others were kept: {said}")

    def take(self, case: Case) -> None:
        """Everybody wants it; some have a form of it open meanwhile."""
        answers = at_once([_press(person, f"/desk/cases/{case.number}/take/", {}, "") for person in self.people])
        self.found.judge(answers)
        if winner := self.found.one_winner(answers, f"{case.number} take"):
            taker = self.people[answers.index(winner)].user
            self.found.expect(Case.objects.get(pk=case.pk).owner == taker, f"{case.number} is someone else's")

    def pay(self, case: Case, number: int) -> None:
        """Half of them have the bank's reference, half know that it failed."""
        worker.pay_due()
        refund = case.refunds.get()
        page, presses, typed = f"/desk/refunds/{refund.token}/", [], []
        forms = [self.people[0].form(page, action=f"/{step}/") for step in ("confirm", "fail")]
        for place, person in enumerate(self.people):
            typed.append(f"Round {number}: BACS-{place}")
            step, field = (("confirm", "reference"), ("fail", "why"))[place % 2]
            presses.append(_press(person, f"{page}{step}/", forms[place % 2] | {field: typed[place]}, typed[place]))
        answers = at_once(presses)
        self.found.judge(answers)
        refund.refresh_from_db()
        if winner := self.found.one_winner(answers, f"{case.number} refund"):
            place = answers.index(winner)
            kept = [refund.provider_reference, refund.failure][place % 2]
            self.found.expect(kept == typed[place], f"{case.number}: kept “{kept}”, not “{typed[place]}”")


def _press(person: Person, address: str, form: dict[str, str], typed: str) -> Callable[[], Answer]:
    return lambda: person.post(address, form, typed=typed)


def play(storm: Storm, rounds: int) -> MoneyCheck:
    """A decision of another kind each round."""
    kinds: list[Callable[[int], None]] = [
        lambda number: storm.decide(submitted(), REVIEW, number),
        lambda number: storm.decide(with_a_plan(), APPROVAL, number),
        lambda number: storm.pay(make_settled_case(gateway="manual"), number),
        lambda number: storm.take(submitted()),
        lambda number: storm.decide(received(), VERDICT, number),
        lambda number: storm.decide(with_an_offer(), ANSWERS, number),
        lambda number: storm.decide(in_transit(), ARRIVAL, number),
        lambda number: storm.decide(take(submitted(), by=storm.people[0].user), REVIEW, number),
    ]
    for number in range(rounds):
        kinds[number % len(kinds)](number)
    return storm.found


def storm_on(server: Server, **headers: str) -> Storm:
    users, order = all_rounders(), make_case().order
    ApprovalTierFactory()
    people = staff(server, users, **headers)
    return Storm(people, shoppers(server, [order], CROWD, **headers), MoneyCheck())


def test_one_of_fifty_decides_and_the_others_are_told(
    server: Server, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    rounds = size(3, 40)
    found = play(storm_on(server), rounds)
    assert found.all == []
    found.tell(figure, "one case", rounds)
    figure("Concurrency", "double winners", len(found.doubles), "", "= 0")
    figure("Concurrency", "refusals without a whole page, or with a word lost", len(found.impolite), "", "= 0")


def test_the_checker_finds_a_second_winner(faulty_server: Server) -> None:
    storm = storm_on(faulty_server, **{"X-Fault": "latecomers overwrite"})
    storm.decide(make_case(), REVIEW[:3], 0)
    assert any("winners" in found for found in storm.found.doubles)


def test_the_checker_finds_a_missing_lock(faulty_server: Server) -> None:
    storm = storm_on(faulty_server, **{"X-Fault": "unlocked"})
    storm.decide(make_case(), REVIEW, 0)
    assert storm.found.all
