"""Orders in the desk: found, listed, shown with what became of them."""

from typing import Any

import pytest
from django.test import Client

from signoff.models import Parcel, ParcelLine, SignOff, TrackingEvent
from tests.factories import PLACED, CustomerFactory, OrderFactory, OrderLineFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db
ORDERS = "/desk/orders/"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="agent"))
    return client


def numbers(response: Any) -> list[str]:
    return [order.number for order in response.context["page"].rows]


@pytest.mark.parametrize("words", ["lt-77", "美玲", "meiling@", "SF1029384756"])
def test_an_order_is_found_by(desk: Client, words: str) -> None:
    order = OrderFactory(number="LT-77-009", customer=CustomerFactory(name="陈美玲", email="MeiLing@shopper.example"))
    Parcel.objects.create(order=order, direction="outbound", tracking_number="SF1029384756")
    OrderFactory(customer=CustomerFactory(name="Tom Baker", email="tom@shopper.example"))
    assert numbers(desk.get(ORDERS, {"q": words})) == ["LT-77-009"]


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
