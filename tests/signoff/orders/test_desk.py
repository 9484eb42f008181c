"""Orders in the desk: search, list, and an order's page with everything that followed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from signoff.models import Order
from signoff.models.order_search import order_places, phone_places
from tests.factories import (
    PLACED,
    CustomerFactory,
    DestinationFactory,
    DiscountFactory,
    DiscrepancyFactory,
    OrderAnomalyFactory,
    OrderFactory,
    OrderLineFactory,
    ParcelExceptionFactory,
    ParcelFactory,
    ParcelLineFactory,
    PaymentFactory,
    RatingFactory,
    ShippingChargeFactory,
    SignOffFactory,
    SignOffLineFactory,
    SignOffNoteFactory,
    SignOffPhotoFactory,
    TrackingEventFactory,
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
def test_an_order_is_found_when_very_many_are(desk: Client, known: Order, words: str, settings: Any) -> None:
    settings.SEARCH_LISTS = 0
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
        ("customer_phone_tail", lambda orders: phone_places(orders, "4321")[0]),
        ("destination_phone_tail", lambda orders: phone_places(orders, "4321")[1]),
        ("destination_name_pieces", lambda orders: order_places(orders, "王建")[3]),
        ("destination_name_words", lambda orders: order_places(orders, "Baker")[3]),
        ("parcel_tracking_bare", lambda orders: order_places(orders, "sf 10293")[4]),
        ("order_line_sku", lambda orders: order_places(orders, "kettle")[6]),
        ("order_external_id", lambda orders: order_places(orders, "gid-88")[0]),
    ],
)
def test_each_place_is_asked_by_its_index(index: str, asked: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in asked(Order.objects.order_by()).rows.explain()


def test_nothing_found_says_what_to_do(desk: Client) -> None:
    assert "No matching orders" in desk.get(ORDERS, {"q": "nobody"}).content.decode()


@pytest.mark.parametrize("orders", [1, 3])
def test_the_list_asks_as_often_for_three_orders_as_for_one(
    desk: Client, orders: int, django_assert_num_queries: Any
) -> None:
    for _ in range(orders):
        OrderFactory()
    with django_assert_num_queries(8):
        desk.get(ORDERS)


def full_order(rows: int) -> Any:
    order = OrderFactory()
    DestinationFactory(order=order)
    for number in range(rows):
        line = OrderLineFactory(order=order, position=number + 2)
        parcel = ParcelFactory(order=order, tracking_number=f"T{number}")
        ParcelLineFactory(parcel=parcel, order_line=line)
        TrackingEventFactory(parcel=parcel)
        ParcelExceptionFactory(parcel=parcel)
        said = SignOffFactory(order=order, parcel=parcel, recorded_by=UserFactory())
        DiscrepancyFactory(line=SignOffLineFactory(sign_off=said, order_line=line))
        SignOffNoteFactory(sign_off=said)
        SignOffPhotoFactory(sign_off=said, parcel=parcel)
        RatingFactory(order=order, parcel=parcel)
        ShippingChargeFactory(order=order)
        PaymentFactory(order=order)
        DiscountFactory(order=order)
        OrderAnomalyFactory(order=order, kind=["unpaid", "totals", "article"][number])
        make_case(order=order)
    return order


@pytest.mark.parametrize("rows", [1, 3])
def test_the_order_page_asks_as_often_for_three_of_everything_as_for_one(
    desk: Client, rows: int, django_assert_num_queries: Any
) -> None:
    order = full_order(rows)
    with django_assert_num_queries(8):
        page = desk.get(f"{ORDERS}{order.token}/").text
    assert page.count('href="/desk/cases/R-') == rows
    assert page.count("4 of 5") == rows


def test_the_order_page_says_what_money_is_left_and_what_is_odd(desk: Client) -> None:
    order = OrderFactory(is_cancelled=True, shop_status="refund pending")
    order.lines.update(refunded="20.00")
    order.payments.update(refunded="15.00")
    ShippingChargeFactory(order=order, refunded="1.00")
    DestinationFactory(order=order, name="Tante Emma", phone="+49 40 777")
    OrderAnomalyFactory(order=order, kind="unpaid")
    OrderAnomalyFactory(order=order, kind="address", settled_at=PLACED)
    page = desk.get(f"{ORDERS}{order.token}/").text
    assert '<td class="num" data-label="Left to refund">€40.00</td>' in page
    assert "€45.00 left to refund" in page
    assert "€3.95 left to refund" in page
    assert "Only €10.00 of €60.00 has been paid." in page
    assert "The address is missing" not in page
    assert all(words in page for words in ("Tante Emma", "+49 40 777", "cancelled at the shop", "refund pending"))


def test_an_item_without_a_number_shows_its_price_alone(desk: Client) -> None:
    order = OrderFactory()
    address = f"{ORDERS}{order.token}/"
    order.lines.update(sku="")
    assert '<small class="text-muted">€20.00</small>' in desk.get(address).text
    order.lines.update(sku="A1")
    assert '<small class="text-muted">A1 · €20.00</small>' in desk.get(address).text


def test_an_inspector_sees_no_telephone_and_no_amount_of_an_order(client: Client) -> None:
    client.force_login(UserFactory(role="inspector"))
    order = full_order(1)
    page = client.get(f"{ORDERS}{order.token}/").text
    assert order.number in page
    assert "€" not in page
    assert not order.customer.phone or order.customer.phone not in page


def test_a_token_that_does_not_exist_is_not_found(desk: Client) -> None:
    assert desk.get(f"{ORDERS}nothing/").status_code == 404
