"""One search page: it opens what the words name exactly, and lists what matches of every kind."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import CustomerFactory, OrderFactory, ParcelFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db
SEARCH = "/desk/search/"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="agent"))
    return client


def found(client: Client, words: str) -> dict[str, list[Any]]:
    """Numbers and names by kind."""
    result = client.get(SEARCH, {"q": words}).context["found"]
    return {
        "cases": [case.number for case in result.cases.rows],
        "orders": [order.number for order in result.orders.rows],
        "people": [customer.name for customer in result.people],
        "parcels": [parcel.tracking_number for parcel in result.parcels],
    }


def test_a_name_finds_the_person_their_orders_and_cases(desk: Client) -> None:
    order = OrderFactory(number="LT-1", customer=CustomerFactory(name="José Núñez"))
    case = make_case(order=order)
    make_case(order=OrderFactory(number="LT-2", customer=CustomerFactory(name="Anna Wolf")))
    assert found(desk, "jose nunez") == {
        "cases": [case.number],
        "orders": ["LT-1"],
        "people": ["José Núñez"],
        "parcels": [],
    }


def test_the_last_digits_of_a_telephone_number_find_the_person(desk: Client) -> None:
    case = make_case(order=OrderFactory(number="LT-1", customer=CustomerFactory(name="Anna", phone="+49 151 7654-321")))
    assert found(desk, "654321") == {"cases": [case.number], "orders": ["LT-1"], "people": ["Anna"], "parcels": []}


def test_who_may_not_see_telephone_numbers_finds_nothing_by_them(client: Client) -> None:
    make_case(order=OrderFactory(customer=CustomerFactory(phone="+49 151 7654-321")))
    client.force_login(UserFactory(role="inspector"))
    page = client.get(SEARCH, {"q": "654321"})
    assert not page.context["found"]
    assert "phone" not in page.text


@pytest.mark.parametrize("spelling", ["{}", "{0} ", "r{1}", "{1}"])
def test_the_number_of_a_case_opens_it(desk: Client, spelling: str) -> None:
    case = make_case()
    words = spelling.format(case.number, case.number.replace("-", "")[1:])
    assert desk.get(SEARCH, {"q": words}).headers["Location"] == f"/desk/cases/{case.number}/"


@pytest.mark.parametrize("words", ["LT-1001", "#lt 1001", "Order LT1001"])
def test_the_number_of_an_order_opens_it(desk: Client, words: str) -> None:
    order = OrderFactory(number="LT-1001")
    OrderFactory(number="LT-10011")
    assert desk.get(SEARCH, {"q": words}).headers["Location"] == f"/desk/orders/{order.token}/"


def test_a_tracking_number_opens_its_order(desk: Client) -> None:
    parcel = ParcelFactory(tracking_number="1Z 999 AA1")
    assert desk.get(SEARCH, {"q": "1z999aa1"}).headers["Location"] == f"/desk/orders/{parcel.order.token}/"


def test_two_exact_matches_are_listed(desk: Client) -> None:
    ParcelFactory(tracking_number="1001999", order=OrderFactory(number="LT-1"))
    OrderFactory(number="#1001999")
    assert found(desk, "1001999") == {
        "cases": [],
        "orders": ["#1001999", "LT-1"],
        "people": [],
        "parcels": ["1001999"],
    }


def test_nothing_found_says_what_can_be_searched(desk: Client) -> None:
    assert "Nothing found" in desk.get(SEARCH, {"q": "nobody there"}).text
    assert "What are you looking for?" in desk.get(SEARCH).text


@pytest.mark.parametrize("words", ["%", "'; --", "王" * 300, "R-", "-"])
def test_odd_words_are_answered(desk: Client, words: str) -> None:
    assert desk.get(SEARCH, {"q": words}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_three_rows_as_for_one(
    desk: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        order = OrderFactory(number=f"LT-{number}", customer=CustomerFactory(name=f"Anna Wolf {number}"))
        make_case(order=order)
    desk.get(SEARCH, {"q": "Anna Wolf"})
    with django_assert_num_queries(14):
        assert found(desk, "Anna Wolf")["people"]
