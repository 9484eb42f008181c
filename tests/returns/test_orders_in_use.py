"""What sign-off asks returns about orders: which were built upon, about which somebody is at work."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from returns.lifecycle.actions import move
from returns.models import Case
from signoff.orders.in_use import built_upon, with_open_work
from tests.factories import DraftFactory, OrderFactory, make_case

pytestmark = pytest.mark.django_db


def test_an_order_with_a_case_or_a_request_being_written_is_built_upon() -> None:
    bare, asked, writing = OrderFactory(), make_case().order, DraftFactory().order
    assert built_upon([bare.pk, asked.pk, writing.pk]) == {asked.pk, writing.pk}
    assert built_upon([bare.pk]) == set()


def test_there_is_work_while_a_case_is_open() -> None:
    case, ended = make_case(), move(make_case(), Case.cancel, by=None)
    assert with_open_work([case.order_id, ended.order_id, OrderFactory().pk]) == {case.order_id}


def test_many_orders_are_one_question_each() -> None:
    orders = [make_case().order_id for _ in range(3)]
    for ask in (built_upon, with_open_work):
        with CaptureQueriesContext(connection) as queries:
            ask(orders)
        assert len(queries) == 1
