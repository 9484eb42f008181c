"""Assign many cases of the queue at once, each by itself."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from returns.models import Case, Statement
from returns.portal.actions import cancel
from returns.review.actions import request_information
from signoff.bulk import actions as bulk
from signoff.models import BulkItem, Team
from tests.factories import UserFactory, make_case
from tests.steps.bulk import CASES, chosen, confirm, outcomes

pytestmark = pytest.mark.django_db
Outcome = BulkItem.Outcome


@pytest.fixture
def agent(client: Client) -> User:
    user = UserFactory(role="agent")
    client.force_login(user)
    return user


@pytest.fixture
def jon() -> User:
    return UserFactory(role="agent", username="jon", first_name="Jon", last_name="Lind")


def owners(*cases: Case) -> list[str]:
    found = {case.pk: case for case in Case.objects.select_related("owner", "team")}
    return [str(found[case.pk].owner or found[case.pk].team or "") for case in cases]


def test_cases_go_to_a_colleague_with_a_note_why(client: Client, agent: User, jon: User) -> None:
    cases = [make_case(), make_case()]
    run = chosen(client, CASES, "assign", *cases)
    page = client.get(f"/desk/bulk/run/{run.token}/").text
    assert "2 cases go to a colleague or a team." in page
    assert '<option value="person:jon">Jon Lind</option>' in page
    confirm(client, run, to="person:jon", words="You know these lamps.")
    assert owners(*cases) == ["jon", "jon"]
    notes = Statement.objects.filter(topic=Statement.Topic.NOTE).values_list("words", flat=True)
    assert list(notes) == ["You know these lamps."] * 2


def test_cases_go_to_a_team(client: Client, agent: User) -> None:
    Team.objects.create(name="Lamps")
    case = make_case()
    confirm(client, chosen(client, CASES, "assign", case), to="team:Lamps")
    assert owners(case) == ["Lamps"]


def test_a_case_that_moved_meanwhile_is_told_and_the_others_are_assigned(
    client: Client, agent: User, jon: User
) -> None:
    moved, good = make_case(), make_case()
    run = chosen(client, CASES, "assign", moved, good)
    request_information(moved, by=UserFactory(role="agent", username="mei"), question="Which colour?")
    confirm(client, run, to="person:jon")
    (first, said), second = outcomes(run)
    assert (first, second) == (Outcome.MOVED, (Outcome.DONE, ""))
    assert said.startswith(f"Case {moved.number} has moved on. Its status is now “waiting for shopper”.")
    assert owners(moved, good) == ["mei", "jon"]


def test_a_finished_case_is_left_out(client: Client, agent: User) -> None:
    finished, case = make_case(), make_case()
    cancel(finished, by=finished.customer)
    run = chosen(client, CASES, "assign", finished, case)
    said = "Left out: this case is finished; there is nothing left to do."
    assert outcomes(run) == [(Outcome.LEFT_OUT, said), (Outcome.PENDING, "")]


def test_a_colleague_who_may_not_work_on_it_in_its_state_is_told_per_row(client: Client, agent: User) -> None:
    UserFactory(role="inspector", username="ines", first_name="Ines", last_name="Berg")
    case = make_case()
    run = chosen(client, CASES, "assign", case)
    confirm(client, run, to="person:ines")
    said = "Ines Berg doesn't have permission to work on this case. Choose another colleague."
    assert outcomes(run) == [(Outcome.REFUSED, said)]
    assert owners(case) == [""]


def test_a_colleague_who_has_left_meanwhile_is_told_per_row(client: Client, agent: User, jon: User) -> None:
    case = make_case()
    run = chosen(client, CASES, "assign", case)
    jon.is_active = False
    jon.save()
    bulk.confirm(run, by=agent, values={"to": "person:jon"})
    said = "This colleague or team has been removed. Choose another one."
    assert outcomes(run) == [(Outcome.REFUSED, said)]


def test_nobody_chosen_is_asked_for_again(client: Client, agent: User) -> None:
    run = chosen(client, CASES, "assign", make_case())
    answer = client.post(f"/desk/bulk/run/{run.token}/confirm/", {"to": ""})
    assert (answer.status_code, "Choose a colleague or a team." in answer.text) == (422, True)


def test_a_thousand_and_one_rows_are_refused_in_one_sentence(client: Client, agent: User) -> None:
    rows = [f"R-{place:06}-1" for place in range(1001)]
    page = client.post(CASES, {"action": "assign", "row": rows, "query": "tab=open"}, follow=True)
    assert page.text.count("a bulk step takes at most 1,000") == 1
    assert page.request["QUERY_STRING"] == "tab=open"
