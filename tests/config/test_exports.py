"""Export of what a list shows: filters, order, columns, permissions; formula-safe, streamed, in constant memory."""

import csv
import gc
import tracemalloc
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.test import Client

from returns.models import Case
from signoff.exports.rows import rows_of
from signoff.exports.xlsx import workbook
from signoff.web.desk_lists import all_lists, find_list
from tests.config.test_desk_lists import LISTS
from tests.factories import CustomerFactory, OrderFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db
EXPORT = "/desk/export/"


@pytest.fixture
def agent(client: Client) -> User:
    user = UserFactory(role="agent")
    client.force_login(user)
    return user


def table(client: Client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.reader(response.getvalue().decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize("name", LISTS)
def test_every_list_can_be_exported_in_both_forms(client: Client, name: str) -> None:
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    make, _queries = LISTS[name]
    make()
    query = "?tab=others" if name == "approvals" else "?tab=bank" if name == "refunds" else ""
    rows = table(client, f"{EXPORT}{name}.csv{query}")
    found = find_list(name)
    assert found
    assert rows[0] == [str(column.label) for column in found.columns]
    sheet = openpyxl.load_workbook(BytesIO(client.get(f"{EXPORT}{name}.xlsx{query}").getvalue())).active
    assert next([str(cell or "") for cell in row] for row in sheet.values) == rows[0]
    assert sheet.max_row == len(rows)


def test_filters_order_and_columns_are_those_of_the_page(client: Client, agent: User) -> None:
    cases = [make_case(), make_case(), make_case()]
    for case, value in zip(cases, (30, 10, 20), strict=True):
        Case.objects.filter(pk=case.pk).update(value=value)
    Case.objects.filter(pk=cases[2].pk).update(owner=agent)
    assert table(client, f"{EXPORT}cases.csv?sort=-value&owner=none&columns=value.number.invented") == [
        ["Case", "Value"], [cases[0].number, "30.00"], [cases[1].number, "10.00"],
    ]  # fmt: skip


def test_moments_name_their_zone_and_formulas_are_words(client: Client, agent: User) -> None:
    customer = CustomerFactory(name="=HYPERLINK(1)")
    order = OrderFactory(customer=customer)
    rows = table(client, f"{EXPORT}orders.csv?columns=customer.placed.paid")
    local = order.placed_at.astimezone(ZoneInfo(order.shop.time_zone))
    assert rows[1][:2] == ["'=HYPERLINK(1)", local.isoformat(sep=" ", timespec="seconds")]
    sheet = openpyxl.load_workbook(BytesIO(client.get(f"{EXPORT}orders.xlsx?columns=customer").getvalue())).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("'=HYPERLINK(1)", "s")


def test_who_may_not_see_a_list_or_its_amounts_does_not_export_them(client: Client) -> None:
    make_case()
    client.force_login(UserFactory(role="inspector"))
    assert "Value" not in table(client, f"{EXPORT}cases.csv")[0]
    assert table(client, f"{EXPORT}cases.csv?columns=value")[0][0] == "Case"
    assert client.get(f"{EXPORT}ledger.csv").status_code == 403
    assert client.get(f"{EXPORT}invented.csv").status_code == 404
    client.logout()
    assert client.get(f"{EXPORT}cases.csv").status_code == 302
    assert {desk_list.permission for desk_list in all_lists()} > {"refunds.view_entry"}


def test_a_workbook_has_numbers_as_numbers_and_leaves_out_what_xml_cannot_hold() -> None:
    rows: list[list[Any]] = [["A", "B"], [Decimal("12.50"), "\x01 <b>&"], [None, "王\n"]]
    sheet = openpyxl.load_workbook(BytesIO(b"".join(workbook(rows)))).active
    assert list(sheet.values) == [("A", "B"), (12.5, " <b>&"), (None, "王\n")]


def test_twenty_thousand_rows_stay_small_and_are_read_by_a_cursor_on_the_server(agent: User) -> None:
    order = OrderFactory()
    with connection.cursor() as cursor:
        columns = [field.column for field in type(order)._meta.concrete_fields if field.column != "id"]
        made = {"number": "'N-' || i", "token": "'t' || i", "external_id": "''"}
        values = ", ".join(made.get(column, f'"{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        cursor.execute(
            f"INSERT INTO signoff_order ({names}) SELECT {values} "  # noqa: S608 - our own names
            f"FROM signoff_order, generate_series(1, 20000) AS i WHERE id = {order.pk}"
        )
    orders = find_list("orders")
    assert orders
    gc.collect()
    tracemalloc.start()
    asked: list[int] = []

    def ask(execute: Any, *options: Any) -> Any:
        asked.append(1)
        return execute(*options)

    with connection.execute_wrapper(ask):
        count = sum(1 for _chunk in workbook(rows_of(orders, orders.find(agent, QueryDict()), orders.columns)))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 2**20
    assert count > 10  # streamed: sent while it is made
    assert len(asked) <= 4 * 20_001 // 500 + 4
