"""Querysets of several models in one round trip give the same rows as single queries."""

from typing import Any

import pytest
from django.db.models import QuerySet

from returns.models import Case, Line, LogEntry
from signoff.db.prepared.batch import QueryBatch, attach_prefetched, is_prefetched
from signoff.models import Order, Parcel
from tests.factories import OrderFactory, OrderLineFactory, make_case

pytestmark = pytest.mark.django_db


def asked(shop: Any, number: Any) -> list[QuerySet]:
    return [
        Case.objects.filter(shop=shop).select_related("order", "customer", "owner").order_by("pk"),
        Line.objects.select_related("order_line").order_by("-pk"),
        Order.objects.none(),
        LogEntry.objects.filter(case__shop=shop).select_related("by").order_by("pk"),
        Parcel.objects.order_by("pk"),
        Order.objects.filter(number=number).exclude(shop=None).order_by("-pk")[:1],
    ]


ASKED = QueryBatch(asked)


def columns(row: Any) -> dict[str, Any]:
    joined = {name: columns(one) if one else None for name, one in row._state.fields_cache.items()}
    return {name: value for name, value in vars(row).items() if name != "_state"} | joined


def test_every_column_and_join_is_as_if_asked_for_alone(django_assert_num_queries: Any) -> None:
    first, second = (OrderFactory(lines=[(3, "19.95")]) for _ in range(2))
    for quantity, order in enumerate((first, second), start=1):
        make_case(order=order, quantity=quantity)
    for order, counts in ((second, [2, 2, 0, 2, 0, 1]), (first, [2, 2, 0, 2, 0, 1])):
        told = order.shop_id, order.number
        alone = [[columns(row) for row in rows] for rows in asked(*told)]
        with django_assert_num_queries(1):
            found = ASKED.all(*told)
        assert [[columns(row) for row in rows] for rows in found] == alone
        assert [len(rows) for rows in found] == counts
    assert [len(rows) for rows in ASKED.all(None, "no such number")] == [0, 2, 0, 0, 0, 0]


def test_nothing_is_asked_where_nothing_can_be_found(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert QueryBatch(lambda: [Order.objects.none()]).all() == [[]]


def test_children_lie_with_their_parents(django_assert_num_queries: Any) -> None:
    order = OrderFactory()
    OrderLineFactory(order=order, position=2)
    bare = OrderFactory(lines=[])
    lines = list(order.lines.all())
    attach_prefetched([order, bare], "lines", lines, by="order_id")
    with django_assert_num_queries(0):
        assert (list(order.lines.all()), list(bare.lines.all())) == (lines, [])
    assert is_prefetched(order, "lines")
    assert not is_prefetched(order, "payments")
