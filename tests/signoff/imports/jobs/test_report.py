"""What came of an import, the refused rows to be mended, and throwing away in time."""

import csv
import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from openpyxl import Workbook

from signoff.imports.jobs import actions as jobs
from signoff.models import Order, OrderImport
from tests.factories import ImportFileFactory, OrderImportFactory, ShopFactory, UserFactory, uploads
from tests.factories.uploads import generic_csv, generic_row, reload_import, retail_csv, retail_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="manager"))
    return client


def page(desk: Client, sent: OrderImport) -> Any:
    return desk.get(f"/desk/imports/{sent.token}/")


def refused_file(desk: Client, sent: OrderImport) -> bytes:
    return b"".join(desk.get(f"/desk/imports/{sent.token}/refused.csv").streaming_content)


def test_the_report_tells_counts_figures_and_money(desk: Client) -> None:
    done = uploads.run_import(retail_csv(retail_row(1), retail_row(2), retail_row(3, quantity="two")))
    response = page(desk, done)
    figures = {stat["label"]: (stat["value"], stat["url"]) for stat in response.context["counts"]}
    assert figures["New orders"] == (2, "/desk/orders/")
    assert figures["Rejected rows"] == (1, f"/desk/imports/{done.token}/refused.csv")
    assert "£30.60" in response.text
    assert {"label": "Rows", "value": "3"} in response.context["figures"]


def test_the_file_of_refused_rows_is_sent_to_be_kept_and_not_to_be_shown(desk: Client) -> None:
    done = uploads.run_import(retail_csv(retail_row(1, quantity="two")))
    response = desk.get(f"/desk/imports/{done.token}/refused.csv")
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(response.streaming_content).startswith(
        b"\xef\xbb\xbfline,column,sentence,"
    )  # read to its end, it is closed


@pytest.mark.parametrize(("format", "offered"), [("shopify", True), ("table", True), ("woocommerce", False)])
def test_only_rows_of_tables_are_mended_in_the_file_of_refused_rows(desk: Client, format: str, offered: bool) -> None:
    done = ImportFileFactory(of__format=format, of__state=OrderImport.State.DONE, of__outcome={"refused": 1}).of
    done.refused.name = "imports/ab/ab"
    done.save()
    assert ("Correct the rows in it" in page(desk, done).text) is offered


def test_cells_of_refused_rows_compute_nothing(desk: Client) -> None:
    done = uploads.run_import(retail_csv(retail_row(1, code="=cmd|' /C calc'!A0", quantity="two")))
    cells = list(csv.reader(io.StringIO(refused_file(desk, done).decode("utf-8-sig"))))[1]
    assert cells[4] == "'=cmd|' /C calc'!A0"


def test_refused_rows_of_a_known_format_are_mended_and_sent_again(desk: Client) -> None:
    shop = ShopFactory()
    done = uploads.run_import(
        retail_csv(retail_row(1), retail_row(2, quantity="two"), retail_row(2, code="=B")), shop=shop
    )
    mended = refused_file(desk, done).replace(b",two,", b",2,")
    again = uploads.run_import(mended, shop=shop)
    assert (again.format, again.outcome["new"], again.outcome["refused"]) == ("online-retail", 1, 0)
    assert sorted(Order.objects.get(number="2").lines.values_list("sku", "quantity")) == [("85123A", 2), ("=B", 6)]


def test_refused_rows_of_an_own_table_are_read_by_its_mapping(desk: Client) -> None:
    shop = ShopFactory()
    done = uploads.run_import(generic_csv(generic_row(quantity="two", sku="+49-A"), generic_row("L-2")), shop=shop)
    mended = refused_file(desk, done).replace(b",two,", b",2,")
    sent = uploads.upload_files(mended, shop=shop)
    assert sent.recipe["columns"] == uploads.OWN_COLUMNS
    jobs.confirm(sent, by=sent.sent_by)
    uploads.run_waiting()
    assert Order.objects.get(number="L-1").lines.get().sku == "+49-A"


def test_refused_rows_may_come_back_as_a_spreadsheet(desk: Client) -> None:
    shop = ShopFactory()
    done = uploads.run_import(generic_csv(generic_row(quantity="two", sku="=A")), shop=shop)
    book, out = Workbook(), io.BytesIO()
    for row in csv.reader(io.StringIO(refused_file(desk, done).decode("utf-8-sig").replace(",two,", ",2,"))):
        book.active.append(row)
    book.save(out)
    sent = uploads.upload_files(out.getvalue(), shop=shop)
    jobs.confirm(sent, by=sent.sent_by)
    uploads.run_waiting()
    assert reload_import(sent).outcome["new"] == 1
    assert Order.objects.get().lines.get().sku == "=A"


def test_without_refused_rows_there_is_no_file(desk: Client) -> None:
    done = uploads.run_import()
    assert desk.get(f"/desk/imports/{done.token}/refused.csv").status_code == 404
    lost = uploads.run_import(retail_csv(retail_row(2, quantity="two")))
    default_storage.delete(lost.refused.name)
    assert desk.get(f"/desk/imports/{lost.token}/refused.csv").status_code == 404


def test_an_import_is_thrown_away_with_its_files(desk: Client, django_capture_on_commit_callbacks: Any) -> None:
    sent = uploads.upload_files()
    name = sent.files.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/desk/imports/{sent.token}/drop/")
    assert (reload_import(sent).state, default_storage.exists(name)) == ("dropped", False)
    assert "Discarded before anything was saved" in page(desk, sent).text


def test_what_waits_can_still_be_thrown_away_and_then_does_not_run(desk: Client) -> None:
    waiting = uploads.confirm_import()
    desk.post(f"/desk/imports/{waiting.token}/drop/")
    assert (reload_import(waiting).state, uploads.run_waiting(), Order.objects.count()) == ("dropped", 0, 0)


@pytest.mark.parametrize("action", ["confirm", "drop"])
def test_what_is_over_can_neither_be_run_nor_thrown_away(desk: Client, action: str) -> None:
    done = uploads.run_import()
    response = desk.post(f"/desk/imports/{done.token}/{action}/", follow=True)
    assert "A colleague has already changed this import; it is now “done”." in response.text
    assert reload_import(done).state == "done"


def test_a_table_that_nobody_has_explained_does_not_run(desk: Client) -> None:
    sent = uploads.upload_files(generic_csv())
    response = desk.post(f"/desk/imports/{sent.token}/confirm/", follow=True)
    assert "Choose the columns that hold" in response.text
    assert reload_import(sent).state == "sent"


def test_confirming_wakes_the_workers(desk: Client, nudges: list[str], django_capture_on_commit_callbacks: Any) -> None:
    sent = uploads.upload_files()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/desk/imports/{sent.token}/confirm/")
    assert nudges == ["config.tasks.wake"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_three_imports_as_for_one(
    desk: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        uploads.upload_files()
    with django_assert_num_queries(7):
        assert len(desk.get("/desk/imports/").context["page"].rows) == rows


def test_an_empty_list_says_what_to_do(desk: Client) -> None:
    assert "Export the orders from your shop" in desk.get("/desk/imports/").text


@pytest.mark.parametrize("state", OrderImport.State.values)
def test_every_state_has_a_page(desk: Client, state: str) -> None:
    sent = OrderImportFactory(state=state, format="shopify", problem="")
    assert page(desk, sent).status_code == 200
