"""Text search: each word uses the index that fits it, and broad words look through a bounded number of rows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from returns.models import Case
from signoff.db.search import contains_folded, contains_latin, contains_text
from signoff.db.search_text import fold, number_key
from signoff.models import Customer, Order
from tests.factories import CustomerFactory, OrderFactory, ShopFactory, UserFactory, make_case

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


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Jose", "José Núñez"),
        ("Jose\u0301", "José Núñez"),
        ("NUNEZ", "José Núñez"),
        ("josé", "Jose Diaz"),
        ("Lukasz", "Łukasz Żak"),
        ("Łukasz", "Lukasz Zak"),
        ("strasse", "Anna Straße"),
        ("Soren", "Søren Ærø"),
        ("wang", "Ｗａｎｇ Ｗｅｉ"),
        ("Ｗａｎｇ", "Wang Wei"),
        ("王 小明", "王小明"),
        ("王小明", "王 小明"),
        ("王\u3000小", "王小明"),
        ("小明", "王 小 明"),
        ("ﾀﾅｶ", "タナカ"),
    ],
)
def test_accents_width_and_spaces_make_no_difference(words: str, name: str) -> None:
    customer = CustomerFactory(name=name)
    CustomerFactory(name="Somebody Else")
    assert list(Customer.objects.filter(contains_text("name", words))) == [customer]
    assert list(Customer.objects.filter(contains_folded("name", words))) == [customer]


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
    | st.lists(
        st.sampled_from(
            ["Order", "order ", "No", "nr.", "#", "№", "N", " ", "-", "0", "00", "7", "HH", "ID", "ß", "é", "单"]
        ),
        max_size=10,
    ).map("".join)
)
def test_both_sides_of_a_normal_form_give_the_same_text(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT signoff_fold(%s), signoff_number_key(%s)", [words, words])
        assert cursor.fetchone() == (fold(words), number_key(words))


@pytest.mark.parametrize("separators", ["单" * 4000, "e\u0301" * 4000, " -" * 4000, "Order " + "#" * 8000])
def test_a_long_row_of_separators_is_read_at_once(separators: str) -> None:
    """By the patterns alone, four hundred of them take ten seconds, and eight thousand days."""
    assert number_key(f"{separators} 77") in ("77", "E" * 4000 + "77")


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


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("#1001", "1001"),
        ("1001", "#1001"),
        ("1001", "＃1001"),
        ("#1001", "№ 1001"),
        ("1001", "Order 1001"),
        ("1001", "order no. 1001"),
        ("Order 1001", "#1001"),
        ("1001", "订单号：1001"),
        ("#HH7001", " ＃hh7001"),
        ("HH-7001", "hh 7001"),
        ("HH 70 01", "HH7001"),
        ("0001001", "1001"),
        ("1001", "0001001"),
        ("B/2026/17", "b2026-17"),
        ("订单甲", "订单甲"),
    ],
)
def test_an_order_number_is_found_however_it_is_written(stored: str, typed: str) -> None:
    order = OrderFactory(number=stored)
    OrderFactory(number="1002")
    assert list(Order.objects.numbered(typed)) == [order]
    assert list(Order.objects.search(typed)) == [order]


def test_numbers_that_differ_only_in_spelling_are_found_by_the_exact_one_only() -> None:
    one = OrderFactory(number="10-01")
    two = OrderFactory(number="1001", shop=one.shop)
    elsewhere = OrderFactory(number="#1001", shop=ShopFactory(slug="other"))
    assert set(Order.objects.numbered("10-01")) == {one, elsewhere}
    assert set(Order.objects.numbered("1001")) == {two, elsewhere}
    assert set(Order.objects.numbered("10 01")) == {elsewhere}


def test_a_text_without_letters_and_digits_finds_no_order() -> None:
    OrderFactory(number="订单甲")
    assert not Order.objects.numbered("---").exists()


def test_the_normal_form_of_an_order_number_uses_its_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "order_number_key" in Order.objects.numbered("1001").explain()


@pytest.mark.parametrize("typed", ["{0}", "r{1}", "{1}", "R {1}", "Ｒ{1}", "r-{1}"])
def test_a_case_is_found_by_its_number_without_dashes(typed: str) -> None:
    case = make_case()
    make_case()
    words = typed.format(case.number, case.number.replace("-", "")[1:])
    assert list(Case.objects.search(words)) == [case]
