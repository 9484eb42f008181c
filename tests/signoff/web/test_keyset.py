"""Pages by key: any column, empty values, both directions, and addresses that somebody has changed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import signing
from django.db.models import QuerySet
from django.http import QueryDict

from signoff.models import Order, OrderAnomaly
from signoff.web.keyset import Head, Page, Sort, mark_of, order_of, page_by_key
from signoff.web.keyset import Order as ListOrder
from tests.factories import OrderAnomalyFactory, OrderFactory

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
SORTS = {"placed": Sort("placed_at", descending=True), "number": Sort("number")}


def follow(rows: QuerySet, key: str, *, backwards: bool = False, **options: Any) -> list[list[int]]:
    """The keys of all pages, from the first to the last; or from the last back to the first."""
    pages: list[list[int]] = []
    page = page_by_key(rows, key=key, query=QueryDict(), size=2, **options)
    while True:
        pages.append([row.pk for row in page.rows])
        if not page.next:
            break
        page = page_by_key(rows, key=key, query=QueryDict(page.next[1:]), size=2, **options)
    if not backwards:
        return pages
    back = [[row.pk for row in page.rows]]
    while page.previous:
        page = page_by_key(rows, key=key, query=QueryDict(page.previous[1:]), size=2, **options)
        back.append([row.pk for row in page.rows])
    return back


def orders() -> None:
    for place, (number, total) in enumerate([("B-2", "9.00"), ("A-1", "10.00"), ("C-3", "9.00"), ("A-0", "100.00")]):
        OrderFactory(number=number, total=Decimal(total), placed_at=MORNING + timedelta(hours=place % 2))


def anomalies() -> None:
    """Five, of which two are not handled: their ``settled_at`` is empty."""
    for hours in (3, None, 1, None, 3):
        at = None if hours is None else MORNING + timedelta(hours=hours)
        OrderAnomalyFactory(settled_at=at)


@pytest.mark.parametrize("column", ["placed_at", "total", "number", "id"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_kind_of_column_can_be_paged_through_in_both_directions(column: str, sign: str) -> None:
    orders()
    in_order = list(Order.objects.order_by(f"{sign}{column}", f"{sign}pk").values_list("pk", flat=True))
    assert follow(Order.objects.all(), f"{sign}{column}") == [in_order[:2], in_order[2:]]
    assert follow(Order.objects.all(), f"{sign}{column}", backwards=True) == [in_order[2:], in_order[:2]]


@pytest.mark.parametrize("sign", ["", "-"])
def test_empty_values_have_their_place_as_in_the_index(sign: str) -> None:
    anomalies()
    rows = OrderAnomaly.objects.all()
    in_order = list(rows.order_by(f"{sign}settled_at", f"{sign}pk").values_list("pk", flat=True))
    forth = [in_order[:2], in_order[2:4], in_order[4:]]
    assert follow(rows, f"{sign}settled_at", nullable=True) == forth
    loaded = follow(rows, f"{sign}settled_at", nullable=True, load=OrderAnomaly.objects.for_list())
    assert loaded == forth
    assert follow(rows, f"{sign}settled_at", nullable=True, backwards=True) == [
        in_order[4:], in_order[2:4], in_order[:2]
    ]  # fmt: skip


def first_page(query: str) -> Page:
    return page_by_key(Order.objects.all(), key="-placed_at", query=QueryDict(query), size=2)


def test_a_mark_that_somebody_has_changed_leads_to_the_first_page() -> None:
    orders()
    first = first_page("")
    mark = first.next.removeprefix("?page=")
    of_another_order = mark_of("total", Decimal(9), 1, backwards=False)
    earlier_version = signing.dumps([False, MORNING.isoformat(), 1], salt="signoff.web.keyset")
    for changed in (mark[:-1], mark.swapcase(), "3", "", "a:b:c", of_another_order, earlier_version, "é", "\x00"):
        query = QueryDict(mutable=True)
        query["page"] = changed
        assert [row.pk for row in first_page(query.urlencode()).rows] == [row.pk for row in first.rows]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("", "-placed_at"),
        ("sort=number", "number"),
        ("sort=-number", "-number"),
        ("sort=-placed", "-placed_at"),
        ("sort=placed", "placed_at"),
        ("sort=customer__email", "-placed_at"),
        ("sort=--number", "-placed_at"),
        ("sort=placed_at", "-placed_at"),
        ("sort=", "-placed_at"),
        ("sort=-", "-placed_at"),
        ("sort=number&sort=nothing", "-placed_at"),
    ],
)
def test_a_list_is_ordered_only_by_what_it_offers(query: str, key: str) -> None:
    assert order_of(QueryDict(query), SORTS, default="-placed").key == key


def test_the_head_of_a_column_keeps_the_filters_and_turns_the_order_round() -> None:
    order = ListOrder(SORTS, "number", QueryDict("q=lamp&page=x&sort=number"))
    assert order.head("number") == Head("?q=lamp&sort=-number", "ascending")
    assert order.head("placed") == Head("?q=lamp&sort=-placed", "none")
    assert order.head("customer") is None
