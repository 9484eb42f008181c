import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signoff.db.counts import CappedCounts, count_each
from signoff.models import Order
from tests.factories import OrderFactory

NUMBERS = CappedCounts(
    lambda shop: {
        "all": Order.objects.all(),
        "theirs": Order.objects.filter(shop=shop),
        "none": Order.objects.none(),
        "first two": Order.objects.order_by("pk")[:2],
    }
)


@pytest.mark.django_db
def test_what_is_counted_by_one_statement_is_what_the_querysets_hold() -> None:
    shop = OrderFactory().shop
    with CaptureQueriesContext(connection) as sent:
        assert NUMBERS.fetch(shop.pk) == {"all": 1, "theirs": 1, "none": 0, "first two": 1}
    assert len(sent) == 1
    OrderFactory(shop=shop)
    other = OrderFactory(shop__slug="another").shop
    assert NUMBERS.fetch(shop.pk) == {"all": 3, "theirs": 2, "none": 0, "first two": 2}
    assert NUMBERS.fetch(other.pk) == count_each(NUMBERS.build(other))


@pytest.mark.django_db
def test_numbers_stop_beyond_the_limit() -> None:
    OrderFactory.create_batch(3)
    assert count_each({"all": Order.objects.all()}, limit=1) == {"all": 2}


@pytest.mark.django_db
def test_nothing_to_count_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as sent:
        assert CappedCounts(lambda: {"none": Order.objects.none()}).fetch() == {"none": 0}
    assert len(sent) == 0
