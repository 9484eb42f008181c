"""Text search: each word uses the index that fits it, and broad words look through a bounded number of rows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from returns.models import Case
from signoff.db.search import contains_latin, contains_text
from signoff.models import Customer, Order
from tests.factories import CustomerFactory, OrderFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def customers() -> list[Customer]:
    names = ["陈美玲", "王小明", "美王", "Li Wei", "Wei Li", "Oliver", "王 Anna"]
    return [CustomerFactory(name=name) for name in names]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("王", ["王小明", "美王", "王 Anna"]),
        ("美玲", ["陈美玲"]),
        ("玲美", []),
        ("陈美玲", ["陈美玲"]),
        ("li", ["Li Wei", "Wei Li"]),
        ("liv", ["Oliver"]),
        ("王 A", ["王 Anna"]),
        ("%", []),
        ("---", []),
    ],
)
def test_names_are_found_by(customers: list[Customer], words: str, names: list[str]) -> None:
    assert sorted(Customer.objects.filter(contains_text("name", words)).values_list("name", flat=True)) == sorted(names)


@pytest.mark.parametrize(("words", "found"), [("lt-77", 1), ("77", 0), ("王", 0), ("a7", 1)])
def test_numbers_are_found_by_three_letters_or_whole(words: str, found: int) -> None:
    OrderFactory(number="LT-77-9")
    OrderFactory(number="A7")
    assert Order.objects.filter(contains_latin("number", words)).count() == found


@pytest.mark.parametrize("words", ["王", "美玲"])
def test_short_chinese_words_use_their_index(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "customer_name_pieces" in Customer.objects.filter(contains_text("name", words)).explain()


def test_an_erased_name_is_not_found_any_more(customers: list[Customer]) -> None:
    Customer.objects.filter(name="陈美玲").update(name="")
    assert not Customer.objects.filter(contains_text("name", "美玲")).exists()


@pytest.fixture
def many(settings: Any) -> list[Case]:
    """Five cases of people called 王 among others; two names are very many now, and three rows a long way."""
    settings.SEARCH_LISTS, settings.PAGE_REACH, settings.PAGE_SIZE = 1, 3, 2
    made, now = [], timezone.now()
    for place in range(10):
        customer = CustomerFactory(name="王小明" if place % 2 else "Tom Baker")
        made.append(make_case(order=OrderFactory(customer=customer), now=now))
    return [case for case in reversed(made) if case.customer.name != "Tom Baker"]


def leaf_through(client: Client, address: str, way: str) -> tuple[list[str], str]:
    """The numbers on all pages from ``address`` on, and the last page's address."""
    numbers, last = [], address
    while address:
        page = client.get(f"/desk/cases/{address}").context["page"]
        rows = [case.number for case in page.rows]
        numbers = numbers + rows if way == "next" else rows + numbers
        last, address = address, getattr(page, way)
    return numbers, last


def test_broad_words_miss_nothing_on_the_way_forth_and_back(client: Client, many: list[Case]) -> None:
    client.force_login(UserFactory(role="agent"))
    numbers, last = leaf_through(client, "?q=王", "next")
    assert numbers == [case.number for case in many]
    back, _first = leaf_through(client, last, "previous")
    assert back == numbers


def test_the_page_says_that_it_has_not_looked_everywhere(client: Client, many: list[Case]) -> None:
    client.force_login(UserFactory(role="agent"))
    assert "keep searching" in client.get("/desk/cases/?q=王").text
    assert "keep searching" not in client.get("/desk/cases/?q=小明&owner=me").text


def test_broad_words_on_orders(client: Client, many: list[Case]) -> None:
    client.force_login(UserFactory(role="agent"))
    assert "keep searching" in client.get("/desk/orders/?q=王小明").text


def test_a_search_asks_once_more_and_no_more(client: Client, django_assert_num_queries: Any) -> None:
    client.force_login(UserFactory(role="agent"))
    make_case(order=OrderFactory(customer=CustomerFactory(name="王小明")))
    with django_assert_num_queries(9):
        assert client.get("/desk/cases/?q=王").context["page"].rows
