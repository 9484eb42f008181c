"""Every list of the desk: its orders, its columns, and as many queries for many rows as for one."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from refunds.models import Refund
from refunds.payouts import worker
from refunds.payouts.gateways.base import Waiting
from returns.models import Case
from signoff.web.desk_lists import all_lists, find_list
from signoff.web.keyset import PARAMETER
from tests.factories import (
    ClaimFactory,
    MessageFactory,
    OrderAnomalyFactory,
    OrderFactory,
    OrderImportFactory,
    ParcelExceptionFactory,
    ReplacementFactory,
    SurveyFactory,
    UserFactory,
    ViolationFactory,
    make_case,
    make_entry,
)
from tests.factories.settlements import make_refund
from tests.steps.plans import propose_plan

pytestmark = pytest.mark.django_db


def waiting_refund() -> Refund:
    """A bank transfer that waits for finance."""
    refund = make_refund(gateway="manual")
    return worker.settle(worker.claim(timezone.now(), only=refund), Waiting())


#: list → how a row of it is made, and the queries of its page with any number of rows
LISTS: dict[str, tuple[Callable[[], Any], int]] = {
    "anomalies": (OrderAnomalyFactory, 7),
    "approvals": (lambda: propose_plan(make_case(quantity=2), by=UserFactory(role="agent")), 10),
    "cases": (make_case, 8),
    "claims": (ClaimFactory, 7),
    "imports": (OrderImportFactory, 7),
    "ledger": (make_entry, 7),
    "messages": (MessageFactory, 6),
    "orders": (OrderFactory, 8),
    "parcels": (ParcelExceptionFactory, 9),
    "refunds": (waiting_refund, 8),
    "shipments": (ReplacementFactory, 7),
    "surveys": (SurveyFactory, 7),
    "violations": (ViolationFactory, 7),
}


@pytest.fixture
def boss(client: Client) -> Client:
    """Signed in, with every right."""
    user = UserFactory(is_superuser=True, is_staff=True)
    client.force_login(user)
    return client


def address(name: str) -> str:
    found = find_list(name)
    assert found
    return reverse(found.url_name) + ("?tab=bank" if name == "refunds" else "")


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_every_list_is_proved_here() -> None:
    assert {desk_list.name for desk_list in all_lists()} == set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_a_page_asks_as_often_for_three_rows_as_for_one(boss: Client, name: str) -> None:
    make, expected = LISTS[name]
    make()
    boss.get(address(name))  # fills caches
    assert queries(boss, address(name)) == expected
    make(), make()
    assert queries(boss, address(name)) == expected


@pytest.mark.parametrize("name", LISTS)
def test_every_order_that_a_list_offers_is_one_of_an_index(boss: Client, name: str) -> None:
    """Read from the plan, with sorts and scans of whole tables made dear: the rows come out of an index in order."""
    make, _expected = LISTS[name]
    make()
    page = boss.get(address(name)).context["page"]
    assert page.order.sorts
    for sort in page.order.sorts:
        for chosen in (sort, f"-{sort}"):
            url = f"{address(name)}{'&' if '?' in address(name) else '?'}sort={chosen}"
            with CaptureQueriesContext(connection) as asked:
                found = boss.get(url).context["page"]
            assert found.order.chosen == chosen
            statement = next(row["sql"] for row in asked if f'"{found.order.sort.column}"' in order_by(row["sql"]))
            assert is_ordered_by_index(statement), (name, chosen)


def order_by(statement: str) -> str:
    return statement.partition("ORDER BY")[2]


def is_ordered_by_index(statement: str) -> bool:
    with connection.cursor() as cursor:
        for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
            cursor.execute(f"SET LOCAL {setting} = off")
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
            cursor.execute(f"SET LOCAL {setting} = on")
    sorts = re.findall(r"^.*\bSort  ", plan, re.MULTILINE)
    return "Index" in plan and all("Incremental" in line for line in sorts)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", ["page=1", "page=x:y:z", "sort=customer__email", "sort=-"])
def test_an_address_that_somebody_has_changed_shows_the_first_page(boss: Client, name: str, query: str) -> None:
    make, _expected = LISTS[name]
    make()
    url = address(name)
    changed = boss.get(f"{url}{'&' if '?' in url else '?'}{query}")
    assert [row.pk for row in changed.context["page"].rows] == [row.pk for row in boss.get(url).context["page"].rows]


def test_a_chosen_order_goes_on_over_the_pages_and_is_said_in_the_head(boss: Client, settings: Any) -> None:
    settings.PAGE_SIZE = 2
    now = timezone.now()
    cases = [make_case(now=now - timedelta(hours=hours)) for hours in (2, 1, 3)]
    for case, value in zip(cases, (30, 10, 20), strict=True):
        Case.objects.filter(pk=case.pk).update(value=value)
    first = boss.get("/desk/cases/?sort=-value")
    following = boss.get("/desk/cases/" + first.context["page"].next)
    pages = [[case.value for case in answer.context["page"].rows] for answer in (first, following)]
    assert pages == [[30, 20], [10]]
    assert f"{PARAMETER}=" not in first.context["page"].order.head("value").url
    assert 'class="num" aria-sort="descending"><a class="sort" href="?sort=value">Value<svg' in first.content.decode()
