"""Shopify: the export of two years, and what its API gives out."""

import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.registry import recognise
from signoff.imports.orders.parsed import SentParcel, SoldDiscount, SoldPayment, SoldShipping
from tests.datafiles import data_file
from tests.steps.read_files import csv_file, header_of, order_total, read

SAMPLE = HEADER = data_file("formats/shopify/orders_export_sample_CONSTRUCTED.csv")
OLDER = data_file("formats/shopify/orders_export_header_older.csv")
API = data_file("formats/shopify/sdk_python")
FIRST = {
    "Name": "#1", "Email": "a@example.com", "Financial Status": "paid", "Currency": "EUR", "Subtotal": "20.00",
    "Shipping": "0.00", "Taxes": "0.00", "Total": "20.00", "Created at": "2024-05-01 10:00:00 +0200",
    "Lineitem quantity": "2", "Lineitem name": "Cup", "Lineitem price": "10.00", "Lineitem sku": "CUP",
}  # fmt: skip
NEXT = {"Name": "#1", "Lineitem quantity": "1", "Lineitem name": "Pot", "Lineitem price": "5.00", "Lineitem sku": "POT"}


def test_the_sample_is_two_orders_with_everything_they_say() -> None:
    (ipods, cups), refused = read(SAMPLE)
    assert refused == []
    assert (ipods.number, ipods.placed_at, ipods.external_id) == (
        "#1001", datetime(2008, 1, 10, 16, tzinfo=UTC), "450789469",
    )  # fmt: skip
    assert [(item.sku, item.quantity, item.unit_price, item.row.line) for item in ipods.items] == [
        ("IPOD2008GREEN", 1, Decimal("199.00"), 2),
        ("IPOD2008RED", 1, Decimal("199.00"), 3),
        ("IPOD2008BLACK", 1, Decimal("199.00"), 4),
    ]
    assert ipods.discounts == (SoldDiscount("TENOFF", Decimal("10.00")),)
    assert ipods.shipping == (SoldShipping("Standard", Decimal(0)),)
    assert (ipods.prices_include_tax, ipods.tax, ipods.total) == (False, Decimal("11.94"), Decimal("598.94"))
    assert ipods.payments == (
        SoldPayment("Bogus Gateway", "authorization-key", Decimal("598.94"), refunded=Decimal("199.00")),
    )
    assert ipods.buyer
    assert ipods.buyer.address
    assert (ipods.buyer.email, ipods.buyer.phone, ipods.country) == ("jon@example.com", "555-625-1199", "US")
    assert ipods.buyer.address.lines() == ["Bob Norman", "Chestnut Street 92", "40202 Louisville KY", "US"]
    assert ipods.parcels == (
        SentParcel(sent_at=datetime(2008, 1, 11, 14, 30, tzinfo=UTC), items=((0, 1), (1, 1), (2, 1))),
    )
    assert (cups.number, cups.currency, cups.total, cups.cancelled) == ("#1002", "JPY", Decimal(4500), True)
    assert (cups.items[0].sku, cups.items[0].title) == ("=CUP-1", 'マグカップ, "赤"')
    assert cups.buyer
    assert cups.buyer.name == "山田 太郎"
    assert cups.payments[0].refunded == Decimal(4500)
    assert [order_total(order) for order in (ipods, cups)] == [ipods.total, cups.total]


@pytest.mark.parametrize(("path", "columns"), [(HEADER, 79), (OLDER, 66)])
def test_both_headers_are_known_and_empty(tmp_path: Path, path: Path, columns: int) -> None:
    source = open_source(empty := csv_file(tmp_path / "orders.csv", header_of(path), []))
    assert (recognise(source).key, len(source.table.header)) == ("shopify", columns)
    assert read(empty) == ([], [])


def test_the_older_export_is_read_as_the_newer(tmp_path: Path) -> None:
    rows = [FIRST | {"Total": "25.00", "Fulfillment Date": "2024-05-02 10:00:00 +0200"}, NEXT]
    rows[0]["Lineitem fulfillment status"] = "fulfilled"
    (order,), refused = read(csv_file(tmp_path / "o.csv", header_of(OLDER), rows))
    assert refused == []
    assert (order.total, order_total(order)) == (Decimal(25), Decimal(25))
    assert order.parcels == (SentParcel(sent_at=datetime(2024, 5, 2, 8, tzinfo=UTC), items=((0, 2),)),)


@pytest.mark.parametrize(
    ("cells", "included", "discount", "shipping"),
    [
        ({"Taxes": "3.80", "Total": "23.80"}, False, 0, 0),
        ({"Taxes": "3.19", "Total": "20.00"}, True, 0, 0),
        ({"Discount Amount": "5.00", "Total": "15.00"}, True, 5, 0),
        ({"Discount Amount": "5.00", "Lineitem discount": "5.00", "Total": "15.00"}, True, 0, 0),
        ({"Discount Amount": "5.00", "Lineitem discount": "2.00", "Total": "13.00"}, True, 5, 0),
        ({"Discount Amount": "4.90", "Discount Code": "FREE", "Total": "20.00"}, True, 0, Decimal("4.90")),
        ({"Duties": "7.00", "Taxes": "1.00", "Total": "28.00"}, False, 0, 0),
    ],
)
def test_discount_tax_and_shipping_are_read_so_that_the_order_adds_up(
    tmp_path: Path, cells: dict[str, str], included: bool, discount: int, shipping: Decimal
) -> None:
    (order,), _ = read(csv_file(tmp_path / "o.csv", header_of(HEADER), [FIRST | cells]))
    assert order_total(order) == order.total
    assert order.prices_include_tax is included
    assert sum(one.amount for one in order.discounts if not one.in_items) == discount
    assert sum(one.discount for one in order.shipping) == shipping


def test_an_order_that_does_not_add_up_is_read_as_it_stands(tmp_path: Path) -> None:
    (order,), refused = read(csv_file(tmp_path / "o.csv", header_of(HEADER), [FIRST | {"Total": "99.00"}]))
    assert (order.total, order_total(order), refused) == (Decimal(99), Decimal(20), [])


def test_several_payment_methods_stay_one_payment_as_nobody_says_who_paid_what(tmp_path: Path) -> None:
    cells = {"Payment Method": "Gift Card + Shopify Payments", "Payment References": "g1 + p2", "Refunded Amount": "5"}
    (order,), _ = read(csv_file(tmp_path / "o.csv", header_of(HEADER), [FIRST | cells]))
    assert order.payments == (SoldPayment("Gift Card + Shopify Payments", "g1 + p2", Decimal(20), Decimal(5)),)


@pytest.mark.parametrize(
    ("cells", "paid", "amounts"),
    [
        ({"Financial Status": "pending"}, False, []),
        ({"Financial Status": "authorized"}, False, []),
        ({"Financial Status": "partially_paid", "Outstanding Balance": "15.00"}, False, [Decimal(5)]),
        ({"Financial Status": "paid", "Outstanding Balance": "0.00"}, True, [Decimal(20)]),
    ],
)
def test_what_is_not_paid_has_no_payment(
    tmp_path: Path, cells: dict[str, str], paid: bool, amounts: list[Decimal]
) -> None:
    (order,), _ = read(csv_file(tmp_path / "o.csv", header_of(HEADER), [FIRST | cells]))
    assert (order.paid, [payment.amount for payment in order.payments]) == (paid, amounts)


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("Lineitem quantity", {"Lineitem quantity": "0"}),
        ("Lineitem quantity", {"Lineitem quantity": "-1"}),
        ("Lineitem quantity", {"Lineitem quantity": "1.5"}),
        ("Lineitem price", {"Lineitem price": "-1"}),
        ("Lineitem price", {"Lineitem price": "9999999999", "Lineitem quantity": "9999"}),
        ("Lineitem discount", {"Lineitem discount": "20.01"}),
        ("Currency", {"Currency": "EURO"}),
        ("Created at", {"Created at": "yesterday"}),
        ("Created at", {"Created at": "03/04/2024 10:00"}),
        ("Total", {"Total": "1,234"}),
        ("Refunded Amount", {"Refunded Amount": "20.01"}),
        ("Name", {"Name": ""}),
        ("Name", {"Name": "1.23E+17"}),
    ],
)
def test_a_cell_that_cannot_be_right_is_refused_with_line_and_column(
    tmp_path: Path, column: str, cells: dict[str, str]
) -> None:
    rows = [FIRST | {"Name": "#0"}, FIRST | cells]
    orders, (refused,) = read(csv_file(tmp_path / "o.csv", header_of(HEADER), rows))
    assert [order.number for order in orders] == ["#0"]
    assert (refused.row.line, refused.column) == (3, column)
    assert refused.sentence.endswith(".")


def test_an_order_is_taken_whole_or_not(tmp_path: Path) -> None:
    rows = [FIRST, NEXT | {"Lineitem quantity": "none"}, NEXT, NEXT | {"Lineitem price": "x"}]
    orders, refused = read(csv_file(tmp_path / "o.csv", header_of(HEADER), rows))
    assert orders == []
    assert sorted((one.row.line, one.column) for one in refused) == [
        (2, "Name"), (3, "Lineitem quantity"), (4, "Name"), (5, "Lineitem price"),
    ]  # fmt: skip


def test_a_number_that_comes_twice_and_rows_without_their_first_are_refused(tmp_path: Path) -> None:
    rows = [FIRST, FIRST | {"Name": "#2"}, FIRST, NEXT, NEXT | {"Name": "#3"}]
    orders, refused = read(csv_file(tmp_path / "o.csv", header_of(HEADER), rows))
    assert [order.number for order in orders] == ["#1", "#2"]
    assert [(one.row.line, one.column) for one in refused] == [(4, "Name"), (5, "Name"), (6, "Name")]
    assert "line 2" in refused[0].sentence
    assert "continues an order" in refused[2].sentence


def test_an_order_of_the_api_is_read(tmp_path: Path) -> None:
    (order,), refused = read(API / "order.json")
    assert refused == []
    assert (order.number, order.buyer.external_id, order.total, order.paid) == (
        "#1001",
        "207119551",
        Decimal("409.94"),
        False,
    )
    assert [(item.sku, item.external_id) for item in order.items] == [
        ("IPOD2008GREEN", "466157049"), ("IPOD2008RED", "518995019"), ("IPOD2008BLACK", "703073504"),
    ]  # fmt: skip
    assert (order.tax, order.parcels) == (Decimal("11.94"), ()), "its only fulfilment failed"


def test_an_order_without_lines_is_refused_by_its_path() -> None:
    orders, (refused,) = read(API / "orders.json")
    assert (orders, refused.column) == ([], "$.orders[0].line_items")


def test_lines_carry_their_own_tax_and_discount_where_the_api_says_them(tmp_path: Path) -> None:
    order = json.loads((API / "order.json").read_text())["order"]
    line = order["line_items"][0] | {
        "quantity": 2,
        "tax_lines": [{"price": "10.00", "rate": 0.05}, {"price": "4.00", "rate": 0.02}],
        "discount_allocations": [{"amount": "6.00"}, {"amount": "1.50"}],
    }
    order |= {
        "line_items": [line],
        "financial_status": "paid",
        "total_price": "407.50",
        "total_tip_received": "3.00",
        "transactions": [
            {"kind": "sale", "status": "success", "gateway": "gift_card", "amount": "100.00", "authorization": "g"},
            {"kind": "sale", "status": "failure", "gateway": "card", "amount": "307.50"},
            {"kind": "capture", "status": "success", "gateway": "card", "amount": "307.50", "authorization": "c"},
        ],
        "refunds": [{"transactions": [{"kind": "refund", "status": "success", "amount": "110.00"}]}],
        "fulfillments": [
            {"status": "success", "created_at": "2008-01-11T00:00:00Z", "tracking_company": "UPS",
             "tracking_numbers": ["1Z"], "line_items": [{"id": line["id"], "quantity": 1}]},
        ],
    }  # fmt: skip
    path = tmp_path / "o.json"
    path.write_text(json.dumps([order]))
    (read_order,), _ = read(path)
    item, tip = read_order.items
    assert (tip.is_goods, tip.unit_price) == (False, Decimal(3))
    assert (item.discount, item.tax, item.tax_rate) == (Decimal("7.50"), Decimal(14), Decimal("0.07"))
    assert read_order.discounts[0].in_items
    assert order_total(read_order) == read_order.total
    assert read_order.payments == (
        SoldPayment("gift_card", "g", Decimal(100), Decimal(100)),
        SoldPayment("card", "c", Decimal("307.50"), Decimal(10)),
    )
    assert read_order.parcels == (SentParcel("UPS", "1Z", datetime(2008, 1, 11, tzinfo=UTC), items=((0, 1),)),)


def test_the_file_of_refused_rows_can_be_mended_and_sent_again(tmp_path: Path) -> None:
    header = ["line", "column", "sentence", *header_of(HEADER)]
    path = tmp_path / "refused.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerow(FIRST | {"line": "3", "column": "Total", "sentence": "It was wrong."})
    (order,), refused = read(path)
    assert (order.number, refused) == ("#1", [])


@pytest.mark.parametrize(
    ("line", "order", "discounts"),
    [
        ({"total_discount": "5.00"}, {"total_discounts": "15.00"}, [("TENOFF", 10, False)]),
        ({"total_discount": "15.00"}, {"total_discounts": "15.00"}, [("TENOFF", 10, True)]),
        ({"total_discount": "5.00"}, {"total_discounts": "15.00", "discount_codes": []}, [("", 10, False)]),
        ({"total_discount": "5.00"}, {"total_discounts": "5.00", "discount_codes": []}, []),
    ],
)
def test_a_discount_of_the_api_is_taken_once(
    tmp_path: Path, line: dict[str, str], order: dict[str, Any], discounts: list[tuple[str, int, bool]]
) -> None:
    document = json.loads((API / "order.json").read_text())["order"] | order
    document["line_items"][0] |= line
    path = tmp_path / "o.json"
    path.write_text(json.dumps(document))
    (parsed,), _ = read(path)
    assert [(one.code, one.amount, one.in_items) for one in parsed.discounts] == discounts
