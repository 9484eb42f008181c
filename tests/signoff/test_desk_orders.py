"""Orders in the desk: found, listed, shown with what became of them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from signoff import searching
from signoff.models import Order, Parcel, ParcelLine, SignOff, TrackingEvent
from signoff.models.finding import places, telephones
from tests.factories import (
    PLACED,
    CustomerFactory,
    DestinationFactory,
    OrderFactory,
    OrderLineFactory,
    ParcelFactory,
    UserFactory,
    make_case,
)

pytestmark = pytest.mark.django_db
ORDERS = "/desk/orders/"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="agent"))
    return client


def numbers(response: Any) -> list[str]:
    return [order.number for order in response.context["page"].rows]


WORDS = {
    "part of its number": "lt-77",
    "the shop's own id": "gid-88123",
    "its customer": "美玲",
    "its customer's e-mail": "meiling@",
    "the end of its customer's telephone": "4321",
    "a telephone as it is written abroad": "+86 138 1234-4321",
    "who it goes to": "王建",
    "the end of the telephone there": "7788",
    "a tracking number": "SF1029384756",
    "a tracking number in groups and small letters": "sf 1029-3847 56",
    "how an article's number begins": "kettle-",
    "a word of an article": "Teekessel",
}


@pytest.fixture
def known() -> Order:
    """One order with everything that a caller may say, beside one of somebody else."""
    meiling = CustomerFactory(name="陈美玲", email="MeiLing@shopper.example", phone="(+86) 13812344321")
    order = OrderFactory(number="LT-77-009", external_id="GID-88123", customer=meiling)
    order.lines.update(sku="KETTLE-9", title="Teekessel aus Kupfer")
    DestinationFactory(order=order, name="王建国", phone="0571 8765 7788")
    ParcelFactory(order=order, tracking_number="SF1029384756")
    DestinationFactory(order=OrderFactory(customer=CustomerFactory(name="Tom Baker", email="tom@shopper.example")))
    return order


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_an_order_is_found_by(desk: Client, known: Order, words: str) -> None:
    assert numbers(desk.get(ORDERS, {"q": words})) == ["LT-77-009"]


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_an_order_is_found_when_very_many_are(
    desk: Client, known: Order, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MANY", 0)
    assert numbers(desk.get(ORDERS, {"q": words})) == ["LT-77-009"]


@pytest.mark.parametrize("words", ["4321", "7788", "+86 138 1234-4321"])
def test_an_inspector_finds_nobody_by_telephone(client: Client, known: Order, words: str) -> None:
    client.force_login(UserFactory(role="inspector"))
    assert numbers(client.get(ORDERS, {"q": words})) == []


@pytest.mark.parametrize("words", ["321", "1234", "5555", "()", "----"])
def test_digits_that_end_no_telephone_find_nothing(desk: Client, known: Order, words: str) -> None:
    assert numbers(desk.get(ORDERS, {"q": words})) == []


@pytest.mark.parametrize(
    ("index", "asked"),
    [
        ("customer_phone_tail", lambda orders: telephones(orders, "4321")[0]),
        ("destination_phone_tail", lambda orders: telephones(orders, "4321")[1]),
        ("destination_name_pieces", lambda orders: places(orders, "王建")[3]),
        ("destination_name_words", lambda orders: places(orders, "Baker")[3]),
        ("parcel_tracking_bare", lambda orders: places(orders, "sf 10293")[4]),
        ("order_line_sku", lambda orders: places(orders, "kettle")[6]),
        ("order_external_id", lambda orders: places(orders, "gid-88")[0]),
    ],
)
def test_each_place_is_asked_by_its_index(index: str, asked: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in asked(Order.objects.order_by()).rows.explain()


def test_nothing_found_says_what_to_do(desk: Client) -> None:
    assert "No order matches" in desk.get(ORDERS, {"q": "nobody"}).content.decode()


@pytest.mark.parametrize("orders", [1, 3])
def test_the_list_asks_as_often_for_three_orders_as_for_one(
    desk: Client, orders: int, django_assert_num_queries: Any
) -> None:
    for _ in range(orders):
        OrderFactory()
    with django_assert_num_queries(6):
        desk.get(ORDERS)


def full_order(rows: int) -> Any:
    order = OrderFactory()
    for number in range(rows):
        line = OrderLineFactory(order=order, position=number + 2)
        parcel = Parcel.objects.create(order=order, direction="outbound", tracking_number=f"T{number}")
        ParcelLine.objects.create(parcel=parcel, order_line=line, quantity=1)
        TrackingEvent.objects.create(parcel=parcel, occurred_at=PLACED, code="delivered")
        SignOff.objects.create(
            order=order, parcel=parcel, outcome="accepted", channel="phone", signed_at=PLACED, recorded_by=UserFactory()
        )
        make_case(order=order)
    return order


@pytest.mark.parametrize("rows", [1, 3])
def test_the_order_page_asks_as_often_for_three_of_everything_as_for_one(
    desk: Client, rows: int, django_assert_num_queries: Any
) -> None:
    order = full_order(rows)
    with django_assert_num_queries(17):
        response = desk.get(f"{ORDERS}{order.token}/")
    assert response.content.decode().count('href="/desk/cases/R-') == rows


def test_a_sign_off_that_was_corrected_is_not_shown(desk: Client) -> None:
    order = OrderFactory()
    first = SignOff.objects.create(order=order, outcome="accepted", channel="phone", signed_at=PLACED)
    SignOff.objects.create(order=order, outcome="refused", channel="phone", signed_at=PLACED, corrects=first)
    shown = desk.get(f"{ORDERS}{order.token}/").context["sign_offs"]
    assert [sign_off.outcome for sign_off in shown] == ["refused"]


def test_a_token_that_does_not_exist_is_not_found(desk: Client) -> None:
    assert desk.get(f"{ORDERS}nothing/").status_code == 404
