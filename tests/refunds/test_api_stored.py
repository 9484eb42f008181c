"""Quotes of stored orders: by number, only the token's shop's, with what Homeward gave back counted."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from refunds.payouts.manual import mark_failed
from signoff.models import Order, OrderLine, Payment, ShippingCharge
from tests.factories import OrderFactory, ShippingChargeFactory, ShopFactory, make_case
from tests.factories.settlements import make_settled_case
from tests.steps.quote_api import new_token, post_quote

pytestmark = pytest.mark.django_db


def asked(client: Client, order: Order, **request: Any) -> Any:
    """The answer for ``order`` with a token of its shop; one unit of its first line unless told."""
    wish = {"order": {"number": order.number}, "remedy": "refund", "lines": [{"id": "1", "quantity": 1}]}
    return post_quote(client, new_token(shop=order.shop), wish | request).json()


def test_a_stored_order_is_quoted_by_its_number(client: Client) -> None:
    order = OrderFactory(lines=[(3, "20.00"), (1, "5.00")])
    ShippingChargeFactory(order=order)
    Payment.objects.update(captured=Decimal("69.95"))
    wish = {"lines": [{"id": "1", "quantity": 2}, {"id": "2", "quantity": 1}], "shipping": [{"id": "1"}]}
    answer = asked(client, order, **wish)
    assert (answer["total"], answer["payments"]) == ("49.95", [{"id": "1", "amount": "49.95"}])
    assert answer["ways"] == [{"id": "1", "way": "provider_by_hand"}]
    assert [(part["kind"], part["gross"]) for part in answer["parts"]] == [
        ("goods", "40.00"),
        ("goods", "5.00"),
        ("shipping", "4.95"),
    ]


def test_what_homeward_refunded_counts_unit_by_unit(client: Client) -> None:
    case = make_settled_case()
    line = case.lines.get()
    first = line.units[0][0]
    everything = [{"id": "1", "quantity": 3 - line.requested}]
    assert asked(client, case.order, units={"1": [first]})["code"] == "nothing_to_refund"
    assert asked(client, case.order, lines=[{"id": "1", "quantity": 3}])["code"] == "exceeds_refundable"
    assert Decimal(asked(client, case.order, lines=everything)["total"]) == 60 - case.refunds.get().amount


def test_a_refund_that_failed_gave_nothing(client: Client) -> None:
    case = make_settled_case()
    refund = case.refunds.get()
    for step in (refund.send, refund.mark_unknown):
        step()
        refund.save()
    mark_failed(refund, by=None, why="no such account")
    assert OrderLine.objects.get().refunded == 0
    assert asked(client, case.order, lines=[{"id": "1", "quantity": 3}])["total"] == "60.00"


def test_money_that_only_the_counters_know_counts_too(client: Client) -> None:
    order = OrderFactory()
    ShippingChargeFactory(order=order)
    OrderLine.objects.update(refunded=Decimal("15.00"))
    ShippingCharge.objects.update(refunded=Decimal("4.95"))
    Payment.objects.update(refunded=Decimal("19.95"), captured=Decimal("64.95"))
    assert asked(client, order)["total"] == "5.00"
    assert asked(client, order, lines=[{"id": "1", "quantity": 3}])["total"] == "45.00"
    assert asked(client, order, shipping=[{"id": "1"}])["code"] == "nothing_to_refund"


def test_what_went_back_elsewhere_counts_beside_it(client: Client) -> None:
    order = OrderFactory()
    OrderLine.objects.update(refunded=Decimal("20.00"))
    Payment.objects.update(refunded=Decimal("20.00"))
    past = {"already_refunded": [{"line": "1", "quantity": 1, "amount": "20.00"}]}
    assert asked(client, order, **past)["total"] == "20.00"
    assert asked(client, order, lines=[{"id": "1", "quantity": 2}], **past)["code"] == "exceeds_refundable"


def test_a_quote_never_promises_more_than_the_payments_hold(client: Client) -> None:
    order = OrderFactory()
    Payment.objects.update(captured=Decimal("19.99"))
    assert asked(client, order)["code"] == "exceeds_refundable"


def test_no_shop_hears_of_another_shops_orders(client: Client) -> None:
    order = OrderFactory()
    token = new_token(shop=ShopFactory(slug="loom"))
    wish = {"remedy": "refund", "lines": [{"id": "1", "quantity": 1}]}
    foreign = post_quote(client, token, {"order": {"number": order.number}, **wish})
    unknown = post_quote(client, token, {"order": {"number": "L-404"}, **wish})
    assert foreign.status_code == unknown.status_code == 422
    assert foreign.text.replace(order.number, "L-404") == unknown.text
    assert foreign.json()["code"] == "invalid_order"


def test_a_token_of_the_house_finds_every_shops_orders_but_does_not_guess(client: Client) -> None:
    order, token = OrderFactory(), new_token()
    request = {"order": {"number": order.number}, "remedy": "refund", "lines": [{"id": "1", "quantity": 1}]}
    assert post_quote(client, token, request).json()["total"] == "20.00"
    OrderFactory(shop=ShopFactory(slug="loom"), number=order.number)
    assert post_quote(client, token, request).json() == {
        "code": "invalid_order",
        "detail": f"Several shops have an order “{order.number}”. Use the token of the right shop.",
    }


def test_a_stored_order_says_which_line_it_does_not_have(client: Client) -> None:
    assert asked(client, OrderFactory(), lines=[{"id": "2", "quantity": 1}])["code"] == "unknown_line"


@pytest.mark.parametrize("lines", [1, 3])
def test_an_order_costs_the_same_queries_whatever_its_length(
    client: Client, lines: int, django_assert_num_queries: Any
) -> None:
    order = OrderFactory(lines=[(3, "20.00")] * lines)
    order.lines.update(refunded=Decimal("1.00"))
    token = new_token(shop=order.shop)
    request = {"order": {"number": order.number}, "remedy": "refund", "lines": [{"id": "1", "quantity": 1}]}
    post_quote(client, token, request)
    with django_assert_num_queries(6):
        post_quote(client, token, request)


def test_past_cases_of_the_same_line_count_together(client: Client) -> None:
    case = make_settled_case(make_case(quantity=1))
    make_settled_case(make_case(order=case.order, quantity=1))
    assert asked(client, case.order, lines=[{"id": "1", "quantity": 2}])["code"] == "exceeds_refundable"
    assert asked(client, case.order)["total"] == "20.00"
