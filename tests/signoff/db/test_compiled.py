from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import F, Func, TextField
from django.db.transaction import TransactionManagementError, atomic
from django.test.utils import CaptureQueriesContext

from signoff.db.lookups import any_of
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import Order, OrderLine
from tests.factories import OrderFactory

ORDER = CompiledQuery(lambda token: Order.objects.select_related("shop", "customer").filter(token=token))


@pytest.mark.django_db
def test_rows_are_those_of_the_queryset() -> None:
    for order in (OrderFactory(), OrderFactory()):
        found = ORDER.get(order.token)
        assert found == order
        assert {field.attname: getattr(found, field.attname) for field in Order._meta.concrete_fields} == {
            field.attname: getattr(order, field.attname) for field in Order._meta.concrete_fields
        }
        with CaptureQueriesContext(connection) as sent:
            assert (found.shop, found.customer) == (order.shop, order.customer)
        assert len(sent) == 0


@pytest.mark.django_db
def test_nothing_found() -> None:
    assert ORDER.all("nobody") == []
    assert ORDER.first("nobody") is None
    with pytest.raises(Order.DoesNotExist):
        ORDER.get("nobody")


@pytest.mark.django_db
def test_more_than_one_is_not_the_only_one() -> None:
    OrderFactory.create_batch(2)
    with pytest.raises(Order.MultipleObjectsReturned):
        CompiledQuery(lambda: Order.objects.all()).get()


@pytest.mark.django_db
def test_one_of_many_values_with_one_text() -> None:
    orders = OrderFactory.create_batch(3)
    some = CompiledQuery(
        lambda keys, number: Order.objects.filter(any_of("pk", keys)).exclude(number=number).order_by("pk")
    )
    with CaptureQueriesContext(connection) as sent:
        assert some.all([], "") == []
        assert some.all([order.pk for order in orders], orders[0].number) == orders[1:]
    assert len({query["sql"].partition("WHERE")[0] for query in sent}) == 1
    assert list(Order.objects.filter(any_of("pk", [orders[2].pk]))) == orders[2:]
    with CaptureQueriesContext(connection) as sent:
        assert list(Order.objects.filter(any_of("pk", []))) == []
    assert len(sent) == 0


@pytest.mark.django_db
def test_values_annotations_and_objects_at_hand() -> None:
    order = OrderFactory()
    lines = CompiledQuery(lambda key: OrderLine.objects.filter(order_id=key).annotate(twice=F("quantity") * 2))
    with CaptureQueriesContext(connection) as sent:
        [line] = lines.all(order.pk, order=order)
        assert line.order is order
        assert line.twice == line.quantity * 2
    assert len(sent) == 1
    pairs = CompiledQuery(lambda key: OrderLine.objects.filter(order_id=key).values_list("pk", "quantity"))
    assert pairs.all(order.pk) == [(line.pk, line.quantity)]
    keys = CompiledQuery(lambda key: OrderLine.objects.filter(order_id=key).values_list("pk", flat=True))
    assert keys.all(order.pk) == [line.pk]


@pytest.mark.django_db(transaction=True)
def test_locks_only_within_a_transaction() -> None:
    order = OrderFactory()
    locked = CompiledQuery(lambda key: Order.objects.select_for_update().filter(pk=key))
    with atomic():
        assert locked.get(order.pk) == order
    with pytest.raises(TransactionManagementError):
        locked.get(order.pk)


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_text_and_nothing_else() -> None:
    orders = OrderFactory.create_batch(20)
    slow = CompiledQuery(
        lambda token: Order.objects.filter(token=token).annotate(
            nap=Func(0.01, function="pg_sleep", output_field=TextField())
        )
    )

    def look(order: Order) -> bool:
        try:
            return slow.get(order.token) == order
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(look, orders))
