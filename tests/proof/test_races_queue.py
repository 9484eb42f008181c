"""“Take next” pressed by fifty at once: nobody is given what somebody else has."""

from collections import Counter
from collections.abc import Callable

import pytest

from returns.models import Case
from returns.review.assignment import hand_back, take
from tests.factories import make_case
from tests.proof.concurrent_clients import CROWD, Person, all_rounders, at_once, staff
from tests.proof.money_checks import MoneyCheck
from tests.proof.server import Server

pytestmark = pytest.mark.django_db(transaction=True)
PLENTY, SCARCE = CROWD + 10, CROWD // 2
NEXT = "/desk/cases/next/"


def storm(people: list[Person], rounds: int) -> tuple[MoneyCheck, int]:
    """Everybody asks for a case, with plenty of them and with too few by turns; returns how many were given twice."""
    found, twice = MoneyCheck(), 0
    cases = [make_case() for _ in range(PLENTY)]
    for number in range(rounds):
        owned = cases[: PLENTY - SCARCE if number % 2 else 0]
        for case in owned:
            take(case, by=people[0].user)
        answers = at_once([lambda person=person: person.post(NEXT, {}) for person in people])
        given = [answer.location for answer in answers if answer.location != "/desk/cases/"]
        found.judge(answers)
        twice += sum(times - 1 for times in Counter(given).values())
        found.expect(len(given) == min(CROWD, PLENTY - len(owned)), f"{len(given)} cases were given")
        for person, answer in zip(people, answers, strict=True):
            mine = Case.objects.filter(owner=person.user).exclude(pk__in=[case.pk for case in owned])
            expected = [answer.location] if answer.location in given else []
            found.expect([case.get_absolute_url() for case in mine] == expected, f"{person.user} has {list(mine)}")
        for case in Case.objects.exclude(owner=None):
            hand_back(case, by=people[0].user)
    return found, twice


def test_no_case_is_given_to_two(server: Server, size: Callable[[int, int], int], figure: Callable[..., None]) -> None:
    rounds = size(2, 40)
    found, twice = storm(staff(server, all_rounders()), rounds)
    assert found.all == []
    found.tell(figure, "“take next”", rounds)
    figure("Concurrency", "cases given twice", twice, "", "= 0")


def test_the_checker_finds_a_case_that_is_given_to_two(faulty_server: Server) -> None:
    people = staff(faulty_server, all_rounders(), **{"X-Fault": "given without lock"})
    found, twice = storm(people, 1)
    assert twice > 0
    assert found.doubles
