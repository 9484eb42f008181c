"""WooCommerce: the payloads of its own documentation, and what shops add to them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from signoff.imports.orders.parsed import SoldDiscount, SoldOrder, SoldPayment, SoldShipping
from tests.datafiles import data_file
from tests.steps.read_files import order_total, read

FOLDER = data_file("formats/woocommerce")


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., SoldOrder]:
    """The documentation's order with other values, read."""

    def change(**values: Any) -> SoldOrder:
        path = tmp_path / "order.json"
        path.write_text(json.dumps(json.loads((FOLDER / "orders_01_one.json").read_text()) | values))
        orders, refused = read(path)
        assert refused == []
        return orders[0]

    return change


@pytest.mark.parametrize("name", ["orders_01_one", "orders_02_one", "orders_04_one"])
def test_one_order_is_read(name: str) -> None:
    (order,), refused = read(FOLDER / f"{name}.json")
    assert refused == []
    assert (order.number, order.placed_at) == ("727", datetime(2017, 3, 22, 19, 28, 2, tzinfo=UTC))
    assert [(i.sku, i.title, i.quantity, i.unit_price, i.tax, i.external_id) for i in order.items] == [
        ("93", "Woo Single #1", 2, Decimal(3), Decimal("0.45"), "315"),
        ("Bar3", "Ship Your Idea – Color: Black, Size: M Test", 1, Decimal(12), Decimal("0.90"), "316"),
    ]
    assert order.shipping == (SoldShipping("Flat Rate", Decimal(10), tax=Decimal(0)),)
    assert order.payments == (SoldPayment("Direct Bank Transfer", "", Decimal("29.35")),)
    assert order.buyer
    assert (order.buyer.external_id, order.buyer.name, order.buyer.email) == ("", "John Doe", "john.doe@example.com")
    assert order_total(order) == order.total == Decimal("29.35")


def test_a_list_is_read_with_what_was_refunded() -> None:
    (first, second), refused = read(FOLDER / "orders_03_list.json")
    assert refused == []
    assert (first.number, second.number, second.buyer.external_id, second.country) == ("727", "723", "26", "BR")
    assert second.payments == (SoldPayment("Direct bank transfer", "", Decimal(39), refunded=Decimal(19)),)


def test_the_answer_of_a_batch_is_read_without_what_was_deleted() -> None:
    orders, (refused,) = read(FOLDER / "orders_06_one.json")
    assert [order.number for order in orders] == ["728", "729", "727"]
    assert [order_total(order) for order in orders] == [order.total for order in orders]
    assert [item.tax for item in orders[0].items] == [Decimal("1.13"), Decimal("0.22"), Decimal("0.90")]
    assert (refused.column, refused.row.line) == ("$.delete[0]", 4)


def test_prices_that_include_tax_are_what_the_shopper_saw(changed: Callable[..., SoldOrder]) -> None:
    order = changed(prices_include_tax=True)
    assert [(item.unit_price, item.list_total, item.tax) for item in order.items] == [
        (Decimal("3.225"), Decimal("6.45"), Decimal("0.45")),
        (Decimal("12.900"), Decimal("12.90"), Decimal("0.90")),
    ]
    assert (order.prices_include_tax, order_total(order)) == (True, order.total)


def test_coupons_fees_and_gifts_add_up(changed: Callable[..., SoldOrder]) -> None:
    line = {"id": 1, "name": "Cup", "quantity": 3, "subtotal": "10.00", "total": "8.00", "total_tax": "0.80",
            "subtotal_tax": "1.00", "taxes": [], "sku": "CUP"}  # fmt: skip
    fee = {"id": 2, "name": "Gift wrap", "total": "2.00", "total_tax": "0.20", "taxes": []}
    less = {"id": 3, "name": "Loyal", "total": "-1.00", "total_tax": "-0.10", "taxes": []}
    order = changed(
        line_items=[line],
        fee_lines=[fee, less],
        shipping_lines=[],
        coupon_lines=[{"code": "two", "discount": "2.00"}],
        total_tax="0.90",
        total="9.90",
    )
    cup, wrap = order.items
    assert (cup.unit_price, cup.list_total, cup.discount) == (Decimal("3.333"), Decimal(10), Decimal(2))
    assert (wrap.title, wrap.is_goods, wrap.unit_price) == ("Gift wrap", False, Decimal(2))
    assert order.discounts == (SoldDiscount("two", Decimal(2), in_items=True), SoldDiscount("Loyal", Decimal(1)))
    assert order_total(order) == order.total


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.line_items[0].quantity", {"quantity": 0}),
        ("$.line_items[0].quantity", {"quantity": -2}),
        ("$.line_items[0].subtotal", {"subtotal": "-6.00"}),
        ("$.line_items[1].id", {"id": 316}),
    ],
)
def test_a_line_that_cannot_be_right_is_refused_by_its_path(tmp_path: Path, path: str, value: dict[str, Any]) -> None:
    order = json.loads((FOLDER / "orders_01_one.json").read_text())
    order["line_items"][0] |= value
    file = tmp_path / "o.json"
    file.write_text(json.dumps(order))
    orders, (refused,) = read(file)
    assert (orders, refused.column) == ([], path)


def test_an_order_that_comes_twice_is_taken_once() -> None:
    paths = [FOLDER / "orders_01_one.json", FOLDER / "orders_02_one.json"]
    (order,), (refused,) = read(*paths)
    assert (order.number, refused.row.line) == ("727", 2)


def test_halves_of_characters_and_zero_bytes_are_not_kept(changed: Callable[..., SoldOrder], tmp_path: Path) -> None:
    assert changed(status="don\ud800e", payment_method_title="\U0001f600").status == "don?e"
    order = json.loads((FOLDER / "orders_01_one.json").read_text()) | {"status": "a\x00b"}
    (tmp_path / "o").write_text(json.dumps(order))
    orders, (refused,) = read(tmp_path / "o")
    assert (orders, refused.column) == ([], "$.status")
