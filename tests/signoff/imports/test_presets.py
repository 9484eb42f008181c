"""Exports of shop systems in the shape of their documented columns: recognised by their titles, read to the cent."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.presets import PRESETS
from signoff.imports.formats.registry import FORMATS, NotOrders, recognise
from signoff.imports.orders.parsed import SoldOrder
from signoff.imports.orders.rows import prepare_order
from tests.datafiles import data_file, needed
from tests.steps.read_files import split_results


@dataclass(frozen=True)
class Example:
    """A file in ``tests/data/presets``, and its orders.

    Of each: number, time in UTC, currency, total, lines (SKU, units, list value) and tracking numbers.
    """

    key: str
    orders: list[tuple[str, datetime, str, str, list[tuple[str, int, str]], list[str]]]
    rejected: list[tuple[int, str]] = field(default_factory=list)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


WOO = Example(
    "woocommerce-csv",
    [
        ("5001", at(2026, 9, 1, 10), "EUR", "58.80", [("MUG", 2, "40.00"), ("CUP", 1, "10.00")], []),
        ("5002", at(2026, 9, 2, 10), "EUR", "14.00", [("CUP", 1, "10.00")], []),
    ],
)
AMAZON = Example(
    "amazon",
    [
        ("111-1", at(2026, 9, 1, 10), "EUR", "61.99", [("MUG", 2, "40.00"), ("CUP", 1, "18.00")], []),
        ("111-2", at(2026, 9, 2, 10), "USD", "25.92", [("MUG", 1, "20.00")], []),
    ],
)  # fmt: skip
EBAY = Example(
    "ebay",
    [
        (
            "12-1", at(2026, 9, 1), "USD", "55.00", [("MUG", 2, "40.00"), ("CUP", 1, "10.00")],
            ["9400 1000 0000 0000 0000 00"],
        ),
        ("12-2", at(2026, 9, 2), "GBP", "10.00", [("TEA", 1, "7.50")], []),
    ],
)  # fmt: skip
ETSY = Example(
    "etsy",
    [("232", at(2026, 12, 31), "USD", "53.10", [("MUG", 2, "40.00"), ("Cup", 1, "10.00")], [""])],
)
TIENDANUBE = Example(
    "tiendanube",
    [
        (
            "2001", at(2026, 9, 1, 13), "ARS", "27000.00", [("MATE", 2, "20000.00"), ("BOM", 1, "5000.00")],
            ["AR123456789"],
        )
    ],
)  # fmt: skip
MAGENTO = Example(
    "magento",
    [("000000299", at(2026, 9, 1, 10), "USD", "55.00", [("Whole order", 1, "50.00")], [])],
)
SHOPWARE = Example(
    "shopware",
    [
        ("20001", at(2026, 9, 1, 8), "EUR", "54.90", [("SW1", 2, "40.00"), ("SW2", 1, "10.00")], ["0034043412345"]),
    ],
)
PRESTASHOP = Example(
    "prestashop",
    [
        ("XKBKNABJK", at(2026, 9, 1, 8), "EUR", "54.90", [("MUG", 2, "40.00"), ("CUP", 1, "10.00")], ["6A123456789"]),
    ],
)
PRESTASHOP_LIST = Example(
    "prestashop-list",
    [("XKBKNABJK", at(2026, 9, 1, 8), "EUR", "54.90", [("Whole order", 1, "54.90")], [])],
)
SQUARE = Example(
    "square",
    [("TX1", at(2026, 9, 1, 10), "USD", "49.80", [("MUG", 2, "40.00"), ("CUP", 1, "10.00")], [])],
    [(4, "Qty")],
)
PINDUODUO = Example(
    "pinduoduo",
    [
        ("260901-111", at(2026, 9, 1, 2), "CNY", "84.80", [("CUP-RED", 2, "99.80")], ["YT1234567890123"]),
        ("260901-112", at(2026, 9, 1, 3), "CNY", "49.90", [("CUP-RED", 1, "49.90")], []),
    ],
)
WECHAT = Example(
    "wechat-shop",
    [
        (
            "3700001", at(2026, 9, 1, 2), "CNY", "71.00", [("MUG-B", 2, "50.00"), ("TEA-1", 1, "20.00")],
            ["SF1234567890123"],
        )
    ],
)  # fmt: skip
EXAMPLES = (
    WOO, AMAZON, EBAY, ETSY, TIENDANUBE, MAGENTO, SHOPWARE, PRESTASHOP, PRESTASHOP_LIST, SQUARE, PINDUODUO, WECHAT,
)  # fmt: skip


def read_example(example: Example) -> tuple[list[SoldOrder], list[tuple[int, str]]]:
    (path,) = data_file("presets").glob(f"{example.key}.*")
    source = open_source(path)
    format = recognise(source)
    assert (format.key, source.table.is_undecided) == (example.key, False)
    orders, rejected = split_results(format(source).read())
    return orders, [(row.row.line, row.column) for row in rejected]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.key)
def test_an_export_is_recognised_and_adds_up(example: Example) -> None:
    orders, rejected = read_example(example)
    prepared = [prepare_order(order) for order in orders]
    assert [
        (
            order.number, order.order.placed_at, order.order.currency, f"{order.total:.2f}",
            [(item.sku, item.quantity, f"{line.list_total:.2f}") for item, line in
             zip(order.order.items, order.amounts.lines, strict=True)],
            [parcel.number for parcel in order.parcels],
        )
        for order in prepared
    ] == example.orders  # fmt: skip
    assert rejected == example.rejected
    stated = [(order.number, order.order.total) for order in prepared if order.order.total is not None]
    assert stated == [(order.number, order.total) for order in prepared if order.order.total is not None]


def test_every_preset_has_an_example() -> None:
    assert {example.key for example in EXAMPLES} == {preset.key for preset in PRESETS} <= FORMATS.keys()


def test_what_a_status_says_is_known() -> None:
    (_paid, on_hold), _rejected = read_example(WOO)
    assert (on_hold.paid, on_hold.on_delivery, on_hold.cancelled) == (False, True, False)
    (received, cancelled), _rejected = read_example(PINDUODUO)
    assert (received.paid, received.cancelled, cancelled.cancelled) == (True, False, True)
    assert [payment.amount for payment in received.payments] == [Decimal("84.80")]


def test_names_and_addresses_are_put_together() -> None:
    (order, _second), _rejected = read_example(WOO)
    assert order.buyer.address is not None
    assert order.buyer.address.lines() == ["Ada Byron", "1 Mill Lane", "BA1 Bath", "GB"]
    (order,), _rejected = read_example(TIENDANUBE)
    assert order.buyer.address is not None
    assert order.buyer.address.lines() == ["José Muñoz", "Av. Siempreviva", "742", "2000 Rosario Santa Fe", "AR"]


def test_a_report_of_returns_gets_a_sentence_and_no_columns_are_asked() -> None:
    with pytest.raises(NotOrders, match="This is a report of past returns, not of orders"):
        recognise(open_source(needed("formats/amazon/fba_customer_returns.tsv")))
