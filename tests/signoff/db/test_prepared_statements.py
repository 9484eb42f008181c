"""Which statements PostgreSQL keeps prepared."""

import pytest
from django.db import connection

from signoff.db.prepared.compiled import CompiledQuery
from signoff.db.prepared.statements import allow_prepare
from signoff.models import Order
from tests.factories import OrderFactory

OFTEN = 4


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.mark.django_db
def test_only_what_is_planned_once_is_prepared() -> None:
    ours, other = allow_prepare("SELECT 'ours', %s::int"), "SELECT 'other', %s::int"
    with connection.cursor() as cursor:
        for number in range(OFTEN):
            cursor.execute(ours, [number])
            assert cursor.fetchone() == ("ours", number)
            cursor.execute(other, [number])
            assert cursor.fetchone() == ("other", number)
    kept = prepared()
    assert any("'ours'" in statement for statement in kept)
    assert not any("'other'" in statement for statement in kept)


@pytest.mark.django_db
def test_a_question_by_key_is_prepared_and_a_queue_is_not() -> None:
    order = OrderFactory()
    by_key = CompiledQuery(lambda key: Order.objects.filter(pk=key).order_by())
    queue = CompiledQuery(lambda day: Order.objects.filter(placed_at__gte=day).order_by("placed_at"), by_key=False)
    for _ in range(OFTEN):
        assert by_key.get(order.pk) == order
        assert queue.all(order.placed_at) == [order]
    kept = prepared()
    assert any('"signoff_order"."id" = ' in statement for statement in kept)
    assert not any('"placed_at" >= ' in statement for statement in kept)
