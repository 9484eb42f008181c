"""The approvers' queue and the page on which they decide."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from refunds.approvals.actions import approve
from refunds.pricing.queries import plan_in_force
from returns.models import Case
from signoff.models import Payment
from tests.factories import OrderFactory, ShopFactory, UserFactory, make_case
from tests.steps.plans import inspect_case, make_tier, propose_plan

pytestmark = pytest.mark.django_db
LIST = "/desk/approvals/"


@pytest.fixture
def boss(client: Client) -> User:
    user = UserFactory(role="manager", first_name="Nia")
    client.force_login(user)
    return user


def page(case: Case, step: str = "authorise") -> str:
    return f"/desk/cases/{case.number}/{step}/"


def answer(client: Client, case: Case, verb: str, **options: Any) -> str:
    data = {"seen": case.seq, "answer": verb, "words": ""} | options
    return client.post(page(case), data, follow=True).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("size", [1, 25])
def test_the_queue_asks_as_often_for_many_as_for_one(
    client: Client, boss: User, django_assert_num_queries: DjangoAssertNumQueries, rows: int, size: int, settings: Any
) -> None:
    settings.PAGE_SIZE = size
    for _ in range(rows):
        propose_plan(make_case(quantity=2), by=UserFactory(role="agent"))
    client.get(LIST)
    with django_assert_num_queries(10):
        html = client.get(LIST).content.decode()
    assert html.count("0 of 1") == min(rows, size)
    assert ("Choose all 3 that match" in html) == (rows > size)


@pytest.mark.parametrize(("tab", "boxes"), [("me", True), ("others", False), ("decided", False)])
def test_rows_are_chosen_where_they_wait_for_the_reader(client: Client, boss: User, tab: str, boxes: bool) -> None:
    """On the other tabs there is nothing to do to them."""
    first, second = (propose_plan(make_case(quantity=2), by=UserFactory(role="agent")) for _place in range(2))
    make_tier(second, above="0", approvers=2)
    approve(first, by=UserFactory(role="manager"))
    approve(second, by=boss)
    elsewhere = OrderFactory(shop=ShopFactory(slug="elsewhere"))
    propose_plan(make_case(order=elsewhere, quantity=2), by=UserFactory(role="agent"))
    html = client.get(LIST, {"tab": tab}).text
    assert ('class="bulk"' in html, 'name="row"' in html, 'class="pick"' in html) == (boxes, boxes, boxes)


def test_the_page_of_a_plan_asks_ten_questions(
    client: Client, boss: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = propose_plan(make_case(quantity=2))
    client.get(page(case))
    with django_assert_num_queries(10):
        html = client.get(page(case)).content.decode()
    assert "Approve €40.00" in html


def test_plans_wait_for_me_for_others_or_are_decided(client: Client, boss: User) -> None:
    later, sooner, own, decided = [make_case(quantity=2) for _place in range(4)]
    propose_plan(later)
    propose_plan(sooner, now=timezone.now() - timedelta(hours=3))
    propose_plan(own, by=boss)
    propose_plan(decided)
    colleague = UserFactory(role="manager", first_name="Priya", last_name="Nair")
    approve(decided, by=colleague)
    pages = {tab: client.get(LIST, {"tab": tab}).content.decode() for tab in ("me", "others", "decided")}
    shown = {
        tab: [case for case in (later, sooner, own, decided) if f">{case.number}</a>" in html]
        for tab, html in pages.items()
    }
    assert shown == {"me": [later, sooner], "others": [own], "decided": [decided]}
    assert pages["me"].index(sooner.number) < pages["me"].index(later.number)
    assert "€40.00" in pages["me"]
    assert "Left out: you proposed this plan. Priya Nair may decide it." in pages["others"]
    assert "Priya Nair" in pages["decided"]


def test_the_queue_goes_on_on_the_next_page(client: Client, boss: User, settings: Any) -> None:
    settings.PAGE_SIZE = 1
    cases = [propose_plan(make_case()) for _ in range(2)]
    first = client.get(LIST)
    assert cases[1].number not in first.content.decode()
    assert cases[1].number in client.get(LIST + first.context["page"].next).content.decode()


def test_an_empty_queue_says_so(client: Client, boss: User) -> None:
    assert "Nothing to approve" in client.get(LIST).content.decode()


@pytest.mark.parametrize("role", ["agent", "inspector", "finance"])
def test_only_approvers_see_queue_and_page(client: Client, role: str) -> None:
    client.force_login(UserFactory(role=role))
    case = propose_plan(make_case())
    for address in (LIST, page(case), page(case, "settle"), page(case, "send_back"), page(case, "send_back_to_bench")):
        assert client.get(address).status_code == 403


def test_the_page_shows_money_grounds_and_answers(client: Client, boss: User) -> None:
    case = propose_plan(make_case(quantity=2), by=UserFactory(role="agent", first_name="Tom"), note="Seen the photos.")
    html = client.get(page(case)).content.decode()
    for words in (
        "€40.00",
        "It does not work",
        "Seen the photos.",
        "Tom Sato",
        "0 of 1 approved",
        "The goods come back.",
    ):
        assert words in html
    assert html.count('name="answer"') == 3


def test_a_yes_authorises(client: Client, boss: User) -> None:
    case = propose_plan(make_case())
    assert "Approved. Case" in answer(client, case, "approve", words="Good.")
    assert Case.objects.get(pk=case.pk).status == Case.Status.AUTHORISED
    assert plan_in_force(case).approvals.get().note == "Good."


def test_the_first_of_two_is_told_that_another_is_needed(client: Client, boss: User) -> None:
    case = make_case()
    make_tier(case, "0", 2)
    case = propose_plan(case)
    assert "One more person has to approve it" in answer(client, case, "approve")
    assert "You have already approved this plan" in client.get(page(case)).content.decode()


def test_ones_own_plan_shows_why_one_cannot_approve_it(client: Client, boss: User) -> None:
    case = propose_plan(make_case(), by=boss)
    html = client.get(page(case)).content.decode()
    assert "approve your own plan" in html
    assert 'name="answer"' not in html
    assert "approve your own plan" in answer(client, case, "approve")
    assert Case.objects.get(pk=case.pk).status == Case.Status.AWAITING_APPROVAL


@pytest.mark.parametrize(
    ("verb", "status", "sentence"),
    [("send_back", "submitted", "Say what to change"), ("reject", "rejected", "Give a reason. The shopper")],
)
def test_a_no_needs_words(client: Client, boss: User, verb: str, status: str, sentence: str) -> None:
    case = propose_plan(make_case())
    assert sentence in answer(client, case, verb, words=" ")
    answer(client, case, verb, words="Because.")
    assert Case.objects.get(pk=case.pk).status == status


def test_a_stale_answer_keeps_its_words(client: Client, boss: User) -> None:
    case = propose_plan(make_case())
    html = answer(client, case, "reject", seen=case.seq - 1, words="Keep me.")
    assert "has changed in the meantime" in html
    assert "Keep me." in html


def test_an_answer_that_comes_too_late_leads_to_the_case(client: Client, boss: User) -> None:
    case = propose_plan(make_case())
    approve(case, by=UserFactory(role="manager"))
    data = {"seen": case.seq, "answer": "approve"}
    answer = client.post(page(case), data | {"words": "Keep me."})
    assert answer.status_code == 409
    assert f"Case {case.number} has nothing awaiting approval." in answer.text
    assert "Keep me." in answer.text
    assert client.get(page(case)).headers["Location"] == case.get_absolute_url()


def test_money_that_is_gone_is_said_before_and_after_the_yes(client: Client, boss: User) -> None:
    case = propose_plan(make_case(), goods_come_back=False)
    Payment.objects.filter(order=case.order).update(refunded=55)
    assert "more than is left to refund" in client.get(page(case)).content.decode()
    assert "part was paid back earlier" in answer(client, case, "approve")


def test_after_the_inspection_the_plan_is_compared_with_the_verdict(client: Client, boss: User) -> None:
    case = inspect_case(approve(propose_plan(make_case()), by=boss))
    assert "Compare and continue" in client.get(page(case, "settle")).content.decode()
    client.post(page(case, "settle"))
    assert Case.objects.get(pk=case.pk).status == Case.Status.SETTLING

    case = inspect_case(approve(propose_plan(make_case()), by=boss), disposition="send_back")
    html = client.post(page(case, "settle"), follow=True).content.decode()
    assert "a new plan is needed" in html
    assert plan_in_force(case) is None
