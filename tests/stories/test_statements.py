"""How much a whole case asks of the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signoff.models import Order
from tests.bench.case_steps import STEPS, BenchCase, make_bench_shop, make_orders

AROUND = ("SAVEPOINT", "RELEASE")


@pytest.mark.django_db(transaction=True)
def test_a_whole_life_sends_no_more_statements_than_promised() -> None:
    order = Order.objects.select_related("customer").get(pk=make_orders(1)[0])
    bench_case = BenchCase(make_bench_shop(order), order)
    with CaptureQueriesContext(connection) as sent:
        for step in STEPS:
            step(bench_case)
    told = [query["sql"] for query in sent if not query["sql"].startswith((*AROUND, "BEGIN", "COMMIT"))]
    assert len(told) <= 110
    assert bench_case.case.log.last().target == "closed"
