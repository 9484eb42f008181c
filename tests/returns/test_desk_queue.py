"""The agents' queue: order, filters, pages, counts, and taking the next case."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from returns.lifecycle.actions import move
from returns.models import Case
from returns.review.assignment import take
from tests.factories import OrderFactory, ReasonFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db
QUEUE = "/desk/cases/"


@pytest.fixture
def agent() -> User:
    return UserFactory(role="agent")


@pytest.fixture
def desk(agent: User, client: Client) -> Client:
    client.force_login(agent)
    return client


def numbers(response: Any) -> list[str]:
    return [case.number for case in response.context["page"].rows]


def hours_ago(hours: int) -> Any:
    return timezone.now() - timedelta(hours=hours)


@pytest.mark.parametrize(
    ("role", "address"),
    [("agent", QUEUE), ("administrator", QUEUE), ("manager", "/desk/approvals/"), ("inspector", "/desk/bench/"),
     ("finance", "/desk/refunds/")],
)  # fmt: skip
def test_everybody_starts_at_their_own_queue(client: Client, role: str, address: str) -> None:
    client.force_login(UserFactory(role=role))
    assert client.get("/desk/").url == address


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get(QUEUE).url == "/accounts/login/?next=/desk/cases/"


def test_what_is_due_first_stands_first(desk: Client) -> None:
    late, later, latest = make_case(now=hours_ago(9)), make_case(now=hours_ago(5)), make_case()
    assert numbers(desk.get(QUEUE)) == [late.number, later.number, latest.number]


def test_a_filter_keeps_what_was_chosen(desk: Client) -> None:
    html = desk.get(QUEUE, {"status": "submitted", "owner": "none"}).content.decode()
    for name, value in (("status", "submitted"), ("owner", "none")):
        drawn = re.search(rf'<select[^>]*name="{name}"[^>]*>(.*?)</select>', html)[1]
        assert re.findall(r'value="([^"]*)" selected', drawn) == [value]
    untouched = re.search(r'<select[^>]*name="status"[^>]*>(.*?)</select>', desk.get(QUEUE).content.decode())[1]
    assert re.findall(r'value="([^"]*)" selected', untouched) == [""]


def test_finished_cases_are_shown_only_on_their_own_tab(desk: Client) -> None:
    waiting, done = make_case(), move(make_case(), Case.reject, by=None)
    assert numbers(desk.get(QUEUE)) == [waiting.number]
    assert numbers(desk.get(QUEUE, {"tab": "finished"})) == [done.number]
    assert set(numbers(desk.get(QUEUE, {"tab": "all"}))) == {waiting.number, done.number}


def test_filters_narrow_the_queue(desk: Client, agent: User) -> None:
    order = OrderFactory()
    mine = take(make_case(order=order, now=hours_ago(50)), by=agent)
    other = make_case(order=order, reason=ReasonFactory(shop=order.shop, code="late"), language="zh-hans")
    for chosen, expected in [
        ({"owner": "me"}, [mine]),
        ({"owner": "none"}, [other]),
        ({"overdue": "true"}, [mine]),
        ({"reason": "late"}, [other]),
        ({"language": "zh-hans"}, [other]),
        ({"status": "submitted"}, [mine, other]),
        ({"status": "rejected"}, []),
        ({"shop": order.shop.slug}, [mine, other]),
        ({"q": mine.number}, [mine]),
    ]:
        assert numbers(desk.get(QUEUE, chosen)) == [case.number for case in expected], chosen


def test_a_choice_that_does_not_exist_is_no_error(desk: Client) -> None:
    assert desk.get(QUEUE, {"tab": "x", "status": "x", "owner": "x", "shop": "x", "page": "x"}).status_code == 200


def test_search_finds_finished_cases_too(desk: Client) -> None:
    case = move(make_case(), Case.reject, by=None)
    assert numbers(desk.get(QUEUE, {"q": case.number})) == [case.number]


def test_tabs_count_what_is_chosen(desk: Client, agent: User) -> None:
    take(make_case(), by=agent)
    make_case()
    counts = {str(tab.label): tab.count for tab in desk.get(QUEUE, {"owner": "me"}).context["tabs"]}
    assert (counts["Open"], counts["To decide"], counts["Finished"]) == ("1", "1", "0")


def test_every_number_leads_to_what_it_counts(desk: Client, agent: User) -> None:
    take(make_case(now=hours_ago(50)), by=agent)
    make_case()
    move(make_case(), Case.propose, by=None)
    for stat in desk.get(QUEUE).context["stats"]:
        assert len(numbers(desk.get(stat["url"]))) == int(stat["value"]), stat


def test_pages_lead_forth_and_back_over_equal_times(desk: Client, settings: Any) -> None:
    settings.PAGE_SIZE = 2
    now = timezone.now()
    order = OrderFactory(lines=[(9, "1.00")])
    expected = [make_case(order=order, now=now).number for _ in range(5)]
    first = desk.get(QUEUE)
    second = desk.get(QUEUE + first.context["page"].next)
    third = desk.get(QUEUE + second.context["page"].next)
    assert [numbers(first), numbers(second), numbers(third)] == [expected[:2], expected[2:4], expected[4:]]
    assert (first.context["page"].previous, third.context["page"].next) == ("", "")
    back = desk.get(QUEUE + third.context["page"].previous)
    assert numbers(back) == expected[2:4]
    start = desk.get(QUEUE + back.context["page"].previous)
    assert (numbers(start), start.context["page"].previous) == (expected[:2], "")


def test_a_page_keeps_the_filters(desk: Client, settings: Any) -> None:
    settings.PAGE_SIZE = 1
    for _ in range(2):
        make_case()
    page = desk.get(QUEUE, {"owner": "none"}).context["page"]
    assert parse_qs(urlsplit(page.next).query)["owner"] == ["none"]


def test_htmx_gets_only_the_part_that_changes(desk: Client) -> None:
    case = make_case()
    part = desk.get(QUEUE, headers={"HX-Request": "true"}).content.decode()
    assert case.number in part
    assert "<html" not in part
    assert "<html" in desk.get(QUEUE).content.decode()


@pytest.mark.parametrize("cases", [1, 3])
@pytest.mark.parametrize("chosen", [{}, {"owner": "none"}])
def test_the_queue_asks_as_often_for_three_cases_as_for_one(
    desk: Client, cases: int, chosen: dict[str, str], django_assert_num_queries: Any
) -> None:
    for _ in range(cases):
        make_case()
    with django_assert_num_queries(QUERIES):
        desk.get(QUEUE, chosen)


QUERIES = 8


def test_the_next_case_opens_and_is_mine(desk: Client, agent: User) -> None:
    case = make_case()
    response = desk.post("/desk/cases/next/", follow=True)
    assert response.request["PATH_INFO"] == case.get_absolute_url()
    assert Case.objects.get().owner == agent


def test_when_nothing_is_left_the_queue_says_so(desk: Client) -> None:
    response = desk.post("/desk/cases/next/", follow=True)
    assert "No unassigned case is waiting for a decision" in response.content.decode()


def test_the_next_case_is_not_taken_by_looking_at_its_address(desk: Client) -> None:
    assert desk.get("/desk/cases/next/").status_code == 405


def test_a_state_that_does_not_exist_narrows_nothing(client: Client) -> None:
    client.force_login(UserFactory(role="agent"))
    case = make_case()
    page = client.get("/desk/cases/", {"status": "lost-and-found"}).content.decode()
    assert case.number in page
    assert "Clear filters" not in page
