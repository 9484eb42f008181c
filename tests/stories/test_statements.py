"""How much a whole life asks of the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signoff.models import Order
from tests.bench.case_steps import STEPS, Life, make_house, make_orders

AROUND = ("SAVEPOINT", "RELEASE")


@pytest.mark.django_db(transaction=True)
def test_a_whole_life_sends_no_more_statements_than_promised() -> None:
    order = Order.objects.select_related("customer").get(pk=make_orders(1)[0])
    life = Life(make_house(order), order)
    with CaptureQueriesContext(connection) as sent:
        for step in STEPS:
            step(life)
    told = [query["sql"] for query in sent if not query["sql"].startswith((*AROUND, "BEGIN", "COMMIT"))]
    assert len(told) <= 110
    assert life.case.log.last().target == "closed"
