"""A real month of a real shop, and everything that can be wrong with a row."""

import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from signoff.imports.files.csv import CsvTable
from signoff.imports.files.rejected import RejectedRowsFile
from signoff.imports.formats.registry import FORMATS
from signoff.imports.orders.run import ImportResult, import_orders
from signoff.models import Order, OrderLine, Payment, Shop
from tests.datafiles import data_file, needed
from tests.factories import ShopFactory

SLICE = data_file("online_retail/online_retail_2010_12_slice.csv.gz")
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
GOOD = "536365,85123A,WHITE HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom"

pytestmark = pytest.mark.django_db


def run(path: Path, shop: Shop | None = None) -> ImportResult:
    table = CsvTable(path)
    refused = RejectedRowsFile(path.with_suffix(".refused.csv"), fallback=path.parent, header=table.header)
    reader = FORMATS["online-retail"](table)
    return import_orders(reader, shop=shop or ShopFactory(), source="online-retail", rejected_rows=refused)


def file_of(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "orders.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def rows_of(outcome: ImportResult) -> list[dict[str, str]]:
    assert outcome.rejected_file
    with outcome.rejected_file.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_december_2010_is_imported_to_the_penny_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / SLICE.name
    path.write_bytes(SLICE.read_bytes())
    first = run(path, shop := ShopFactory())
    report = first.report
    assert {
        "rows": report["rows"],
        "invoices": report["invoices"]["all"],
        "C_invoices": report["invoices"]["cancellations_C"],
        "C_lines": report["C_lines"]["lines"],
        "sum_all_GBP": report["sum_GBP(quantity*price)"]["all"],
        "sum_C_GBP": report["sum_GBP(quantity*price)"]["cancellations_C"],
        "customers": report["distinct"]["customers"],
        "last": report["first_last"][1],
    } == {
        "rows": 42481,
        "invoices": 2025,
        "C_invoices": 326,
        "C_lines": 728,
        "sum_all_GBP": "748957.02",
        "sum_C_GBP": "-74789.12",
        "customers": 948,
        "last": "2010-12-23 17:41:00",
    }
    assert (first.rejected, first.unchanged, first.paid) == (0, 0, {"GBP": Decimal("823746.14")})
    assert OrderLine.objects.aggregate(lines=Sum("gross"))["lines"] == first.paid["GBP"]
    assert Order.objects.aggregate(total=Sum("total"))["total"] == first.paid["GBP"]
    assert Payment.objects.aggregate(captured=Sum("captured"))["captured"] == first.paid["GBP"]
    assert (Order.objects.count(), OrderLine.objects.count()) == (first.new, first.lines)
    assert Order.history.count() == first.new
    again = run(path, shop)
    assert (again.new, again.lines, again.unchanged, again.rejected) == (0, 0, first.new, 0)
    assert again.report == report


@pytest.mark.slow
def test_the_figures_of_the_whole_year_are_the_facts() -> None:
    year = needed("orders/online_retail/online_retail_2010_2011.csv.gz")
    facts = json.loads((year.parent.parent / "FACTS.json").read_text())["online_retail_2010_2011(dev)"]
    reader = FORMATS["online-retail"](CsvTable(year))
    lines = sum(len(order.items) for order in reader.read())
    assert reader.report == facts
    assert lines == facts["invoice_prefixes"]["digit"] - 1336


def test_an_order_is_what_the_file_says_in_our_terms(tmp_path: Path) -> None:
    rows = [
        "548703,22077,RIBBONS ,3,2011-07-04 10:29:00,0.125,12345.0,EIRE",
        "548703,22077,RIBBONS ,1,2011-07-04 10:28:00,0,12345.0,EIRE",
        "548703,post,POSTAGE,1,2011-07-04 10:29:00,18.00,12345.0,EIRE",
    ]
    outcome = run(file_of(tmp_path, *rows))
    order = Order.objects.get()
    assert outcome.rejected == 0
    assert (order.number, order.placed_at) == ("548703", datetime(2011, 7, 4, 9, 28, tzinfo=UTC))
    assert (order.customer.external_id, order.customer.email) == ("12345", "")
    assert (order.country, order.currency, order.total) == ("IE", "GBP", Decimal("18.38"))
    columns = ("position", "kind", "sku", "title", "quantity", "unit_price", "list_total", "tax", "gross")
    assert list(order.lines.values_list(*columns)) == [
        (1, "goods", "22077", "RIBBONS", 3, Decimal("0.125"), Decimal("0.38"), 0, Decimal("0.38")),
        (2, "goods", "22077", "RIBBONS", 1, 0, 0, 0, 0),
        (3, "charge", "post", "POSTAGE", 1, Decimal("18"), Decimal("18"), 0, Decimal("18")),
    ]
    assert list(order.payments.values_list("captured", "refunded")) == [(Decimal("18.38"), 0)]


def test_the_earlier_years_file_has_other_names_for_the_same_columns(tmp_path: Path) -> None:
    header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"
    path = file_of(tmp_path, "489434,85048,BALL,12,12/1/2009 7:45,6.95,13085.0,United Kingdom", header=header)
    path.write_bytes(path.read_text().replace("BALL", "£ BALL").encode("cp1252"))
    run(path)
    order = Order.objects.get()
    assert (order.placed_at, order.total) == (datetime(2009, 12, 1, 7, 45, tzinfo=UTC), Decimal("83.40"))
    assert order.lines.get().title == "£ BALL"


def test_what_is_no_sale_is_counted_and_not_imported(tmp_path: Path) -> None:
    rows = [
        "C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527,United Kingdom",
        "A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,11062.06,,United Kingdom",
        "536589,21777,,-10,2010-12-01 16:50:00,0.0,,United Kingdom",
    ]
    outcome = run(file_of(tmp_path, *rows))
    assert (outcome.new, outcome.rejected) == (0, 0)
    assert outcome.report["invoice_prefixes"] == {"C": 1, "A": 1, "digit": 1}
    assert outcome.report["negative_quantity_without_C(stock write-offs)"] == {
        "lines": 1,
        "invoices": 1,
        "units": -10,
        "value": "0.0",
    }


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("Quantity", GOOD.replace(",6,", ",six,")),
        ("Quantity", GOOD.replace(",6,", ",0,")),
        ("Quantity", GOOD.replace(",6,", ",99999999,")),
        ("UnitPrice", GOOD.replace("2.55", '"2,55"')),
        ("UnitPrice", GOOD.replace("2.55", "NaN")),
        ("UnitPrice", GOOD.replace("2.55", "-2.55")),
        ("UnitPrice", GOOD.replace("2.55", "2.5555")),
        ("UnitPrice", GOOD.replace("2.55", "1e12")),
        ("UnitPrice", GOOD.replace("2.55", "9999999999").replace(",6,", ",9999999,")),
        ("CustomerID", GOOD.replace("17850", "1" * 81)),
        ("InvoiceDate", GOOD.replace("2010-12-01 08:26:00", "01.12.2010")),
        ("InvoiceDate", GOOD.replace("2010-12-01 08:26:00", "")),
        ("InvoiceNo", GOOD.replace("536365", "X536365")),
        ("InvoiceNo", GOOD.replace("536365", "")),
        ("InvoiceNo", "536365,85123A"),
        ("StockCode", GOOD.replace("85123A", "")),
        ("StockCode", GOOD.replace("85123A", "8" * 81)),
        ("Description", GOOD.replace("WHITE", "WH\x00ITE")),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_with_line_and_column(tmp_path: Path, column: str, row: str) -> None:
    outcome = run(file_of(tmp_path, GOOD.replace("536365", "536364"), row))
    (refused,) = rows_of(outcome)
    assert (refused["line"], refused["column"], outcome.new) == ("3", column, 1)
    assert refused["sentence"].endswith(".")


def test_an_order_is_imported_whole_or_not(tmp_path: Path) -> None:
    outcome = run(file_of(tmp_path, GOOD, GOOD.replace("85123A", ""), GOOD.replace("536365", "536366")))
    assert [(row["line"], row["column"]) for row in rows_of(outcome)] == [("3", "StockCode"), ("2", "InvoiceNo")]
    assert list(Order.objects.values_list("number", flat=True)) == ["536366"]


def test_an_invoice_of_two_customers_is_refused(tmp_path: Path) -> None:
    outcome = run(file_of(tmp_path, GOOD, GOOD.replace("17850", "17851")))
    assert (outcome.new, {row["column"] for row in rows_of(outcome)}) == (0, {"CustomerID", "InvoiceNo"})


def test_the_rows_of_an_invoice_need_not_stand_together(tmp_path: Path) -> None:
    run(file_of(tmp_path, GOOD, GOOD.replace("536365", "536366"), GOOD.replace("85123A", "71053")))
    assert {order.number: order.lines.count() for order in Order.objects.all()} == {"536365": 2, "536366": 1}


def test_an_order_that_is_here_with_other_lines_is_brought_up_to_date(tmp_path: Path) -> None:
    shop = ShopFactory()
    run(file_of(tmp_path, GOOD), shop)
    outcome = run(file_of(tmp_path, GOOD.replace("2.55", "2.56")), shop)
    assert (outcome.new, outcome.unchanged, outcome.changed, outcome.rejected) == (0, 0, 1, 0)
    order = Order.objects.get()
    assert (order.total, order.payments.get().captured) == (Decimal("15.36"), Decimal("15.36"))
    assert list(order.history.values_list("history_type", "total")) == [
        ("~", Decimal("15.36")), ("+", Decimal("15.30")),
    ]  # fmt: skip


def test_an_order_that_something_is_built_upon_is_refused_and_stays(tmp_path: Path) -> None:
    shop = ShopFactory()
    run(file_of(tmp_path, GOOD), shop)
    OrderLine.objects.update(returning=1)
    outcome = run(file_of(tmp_path, GOOD.replace("2.55", "2.56")), shop)
    assert (outcome.new, outcome.unchanged, outcome.changed, outcome.rejected) == (0, 0, 0, 1)
    (row,) = rows_of(outcome)
    assert (row["line"], row["column"]) == ("2", "InvoiceNo")
    assert "depends on it" in row["sentence"]
    assert Order.objects.get().total == Decimal("15.30")


def test_two_shops_may_use_the_same_numbers(tmp_path: Path) -> None:
    for slug in ("one", "two"):
        assert run(file_of(tmp_path, GOOD), ShopFactory(slug=slug)).new == 1
    assert Order.objects.filter(number="536365", customer__external_id="17850").count() == 2


def test_the_file_of_refused_rows_holds_no_formula(tmp_path: Path) -> None:
    outcome = run(file_of(tmp_path, GOOD.replace("WHITE", "=cmd|WHITE").replace(",6,", ",-six,")))
    (row,) = rows_of(outcome)
    assert (row["Description"], row["Quantity"]) == ("'=cmd|WHITE HOLDER", "'-six")
