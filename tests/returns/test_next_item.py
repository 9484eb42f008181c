"""Done and next: after a step each role goes on to the next of its queue."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from inspection.actions import receive
from refunds.approvals.queries import next_approval_url
from refunds.finance.queries import next_refund_url
from refunds.payouts import worker
from returns.lifecycle.actions import move
from returns.models import Case
from returns.review.assignment import next_case_url, take
from signoff.web.next_item import go_on_value
from tests.factories import UserFactory, make_case
from tests.steps import case_states
from tests.steps.plans import make_tier, propose_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei() -> User:
    return UserFactory(role="agent")


def hours_ago(hours: int) -> Case:
    return make_case(now=timezone.now() - timedelta(hours=hours))


def ask(client: Client, case: Case, **more: str) -> str:
    sent = {"question": "Which one?", "seen": case.seq} | more
    return client.post(f"{case.get_absolute_url()}request_information/", sent, follow=True).request["PATH_INFO"]


def test_an_agent_goes_on_with_their_own_cases_then_takes_another(client: Client, mei: User) -> None:
    client.force_login(mei)
    free, later, first = hours_ago(30), take(hours_ago(1), by=mei), take(hours_ago(9), by=mei)
    value = go_on_value("cases")
    assert ask(client, first, go_on=value) == later.get_absolute_url()
    assert ask(client, later, go_on=value) == free.get_absolute_url()
    free.refresh_from_db()
    assert free.owner == mei
    assert ask(client, free, go_on=value) == "/desk/cases/"


def test_when_nothing_is_left_a_sentence_says_so(client: Client, mei: User) -> None:
    client.force_login(mei)
    case = take(make_case(), by=mei)
    sent = {"question": "Which?", "seen": case.seq, "go_on": go_on_value("cases")}
    html = client.post(f"{case.get_absolute_url()}request_information/", sent, follow=True).content.decode()
    assert "Nothing else in this queue is waiting for you." in html
    assert "Question sent to the shopper." in html


@pytest.mark.parametrize("value", ["", "cases", "cases:forged", "http://elsewhere.example/"])
def test_without_a_signed_choice_one_stays_with_the_case(client: Client, mei: User, value: str) -> None:
    client.force_login(mei)
    case, _other = take(make_case(), by=mei), take(make_case(), by=mei)
    assert ask(client, case, go_on=value) == case.get_absolute_url()


def test_the_button_of_a_case_leads_to_the_next_without_doing_anything(client: Client, mei: User) -> None:
    client.force_login(mei)
    here, other = take(hours_ago(9), by=mei), take(hours_ago(1), by=mei)
    assert client.post("/desk/cases/next/", {"after": here.number}).url == other.get_absolute_url()
    assert client.post("/desk/cases/next/", {"after": "R-0"}).url == here.get_absolute_url()


def test_a_manager_goes_on_to_the_next_plan_they_may_decide(client: Client, mei: User) -> None:
    boss = UserFactory(role="manager")
    client.force_login(boss)
    first, second = propose_plan(hours_ago(9), by=mei), propose_plan(hours_ago(5), by=mei)
    propose_plan(hours_ago(20), by=boss)  # their own
    page = client.get(f"{first.get_absolute_url()}authorise/").content.decode()
    assert 'name="go_on"' in page
    sent = {"answer": "send_back", "words": "Less.", "seen": first.seq, "go_on": go_on_value("approvals")}
    assert client.post(f"{first.get_absolute_url()}authorise/", sent).url == f"{second.get_absolute_url()}authorise/"
    assert next_approval_url(boss, second) == ""


def test_a_plan_that_was_approved_once_is_not_the_next_of_the_same_manager(mei: User) -> None:
    boss, case = UserFactory(role="manager"), make_case()
    make_tier(case, "0", 2)
    case = propose_plan(case, by=mei)
    assert next_approval_url(boss, None) == f"{case.get_absolute_url()}authorise/"
    case_states.approve(case, {"manager": boss})
    assert next_approval_url(boss, None) == ""


def test_an_inspector_goes_on_to_the_next_goods(client: Client) -> None:
    client.force_login(UserFactory(role="inspector"))
    cases = []
    for hours in (9, 5):
        case = hours_ago(hours)
        for step in (Case.propose, Case.authorise):
            case = move(case, step, by=None)
        receive(case, by=None, counted={line.pk: line.requested for line in case.lines.all()})
        cases.append(Case.objects.get(pk=case.pk))
    appraisal = move(hours_ago(1), Case.send_to_appraisal, by=None)
    sent = {"verdict": "defective", "words": "Broken.", "seen": appraisal.seq, "go_on": go_on_value("bench")}
    response = client.post(f"{appraisal.get_absolute_url()}record_appraisal/", sent)
    assert response.url == f"{cases[0].get_absolute_url()}inspect/"


@pytest.mark.django_db(transaction=True)
def test_finance_goes_on_to_the_next_refund(client: Client, mei: User) -> None:
    rosa, boss = UserFactory(role="finance"), UserFactory(role="manager")
    for hours in (9, 5):
        case_states.approve(
            propose_plan(hours_ago(hours), by=mei, gateway="manual", goods_come_back=False), {"manager": boss}
        )
    worker.pay_due()
    client.force_login(rosa)
    first = next_refund_url(rosa, None)
    sent = {"reference": "BACS-1", "go_on": go_on_value("refunds")}
    second = client.post(f"{first}confirm/", sent).url
    assert second not in (first, "/desk/refunds/")
    assert client.post(f"{second}confirm/", sent | {"reference": "BACS-2"}).url == "/desk/refunds/"
    assert next_case_url(mei, None) == ""
