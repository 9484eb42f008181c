"""What the review decides, whose case it is, and what becomes of the units."""

from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection
from django_fsm import TransitionNotAllowed

from returns.lifecycle.actions import move
from returns.lifecycle.unit_reservation import complete_units
from returns.logbook.locks import lock_with_lines
from returns.models import Case, Statement
from returns.review.actions import reject, reopen, request_information, send_to_appraisal
from returns.review.assignment import hand_back, take, take_next
from tests.factories import OrderFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db
Topic = Statement.Topic


@pytest.fixture
def agent() -> User:
    return UserFactory(role="agent")


def resolved_case(**options: Any) -> Any:
    case = make_case(**options)
    for step in (Case.propose, Case.settle):
        case = move(case, step, by=None)
    complete_units(lock_with_lines(case))
    return move(case, Case.resolve, by=None)


DECISIONS = [
    (request_information, {"question": "Which lamp? "}, "Which lamp?", "waiting_on_shopper", Topic.QUESTION),
    (send_to_appraisal, {"note": "Real silk?"}, "Real silk?", "in_appraisal", Topic.NOTE),
    (reject, {"words": "Worn."}, "Worn.", "rejected", Topic.REFUSAL),
]


@pytest.mark.parametrize(("action", "given", "words", "status", "topic"), DECISIONS)
def test_what_the_review_decides_is_kept_with_its_entry(
    agent: User, action: Any, given: dict[str, str], words: str, status: str, topic: str
) -> None:
    case = action(make_case(), by=agent, **given)
    said = case.statements.get()
    assert (case.status, said.topic, said.words, said.by, said.seq) == (status, topic, words, agent, case.seq)


def test_a_form_drawn_before_somebody_else_acted_is_refused_and_nothing_is_said(agent: User) -> None:
    case = make_case()
    take(case, by=agent)
    with pytest.raises(TransitionNotAllowed, match="has moved on"):
        reject(case, by=agent, words="No.", seen=case.seq)
    assert not Statement.objects.exists()


def test_an_inspector_may_not_reject() -> None:
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        reject(make_case(), by=UserFactory(role="inspector"), words="No.")


def test_units_of_a_reopened_case_count_as_returning_until_it_is_put_right_again(agent: User) -> None:
    case = resolved_case(quantity=2)
    case = reopen(case, by=agent, note="The new one is broken too.")
    line = case.lines.get().order_line
    assert (line.returning, line.returned) == (2, 0)


def test_cancelling_a_reopened_case_frees_no_unit_a_second_time(agent: User) -> None:
    case = reopen(resolved_case(quantity=2), by=agent)
    move(case, Case.cancel, by=agent)
    line = case.lines.get().order_line
    assert (line.returning, line.returned, line.available) == (0, 2, 1)


def test_a_case_is_taken_and_handed_back(agent: User) -> None:
    case = take(make_case(), by=agent)
    assert (case.owner, case.seq) == (agent, 2)
    assert take(case, by=agent).seq == 2
    case = hand_back(case, by=agent)
    assert (case.owner, case.seq) == (None, 3)
    assert [entry.verb for entry in case.log.all()] == ["open", "take", "hand_back"]
    assert [row.owner for row in case.history.all()] == [None, agent, None]


def test_a_case_that_a_colleague_has_is_not_taken(agent: User) -> None:
    case = take(make_case(), by=agent)
    with pytest.raises(TransitionNotAllowed, match="Mei Sato has just taken"):
        take(case, by=UserFactory(role="agent"))


def test_nobody_takes_a_finished_case(agent: User) -> None:
    with pytest.raises(TransitionNotAllowed, match="is finished"):
        take(reject(make_case(), by=agent, words="No."), by=agent)


def test_finance_does_not_take_what_waits_for_a_review() -> None:
    with pytest.raises(
        PermissionDenied, match=(r"You don't have permission to work on this case\. Ask a colleague who has")
    ):
        take(make_case(), by=UserFactory(role="finance"))


def test_the_next_case_is_the_one_due_first_that_nobody_has(agent: User) -> None:
    first, second = make_case(), make_case()
    take(first, by=UserFactory(role="agent"))
    assert take_next(by=agent) == second
    assert take_next(by=agent) is None


def test_who_may_not_review_gets_no_next_case() -> None:
    make_case()
    with pytest.raises(
        PermissionDenied, match=r"You don't have permission to take cases from this queue\. Ask a colleague who has"
    ):
        take_next(by=UserFactory(role="inspector"))


@pytest.mark.django_db(transaction=True)
def test_agents_who_ask_at_the_same_moment_get_different_cases() -> None:
    order = OrderFactory(lines=[(20, "5.00")])
    for _ in range(8):
        make_case(order=order)
    agents = [UserFactory(role="agent") for _ in range(8)]
    taken: list[str] = []

    def ask(user: User) -> None:
        try:
            taken.append(take_next(by=user).number)
        finally:
            connection.close()

    threads = [Thread(target=ask, args=[user]) for user in agents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(Case.objects.values_list("number", flat=True))
