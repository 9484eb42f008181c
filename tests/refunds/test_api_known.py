"""Quotes worked out by hand, beside those of other systems: currencies, taxes, discounts, payments, fees, the past."""

from typing import Any

import pytest
from django.test import Client

from tests.steps.quote_api import new_token, post_quote

pytestmark = pytest.mark.django_db
type Json = dict[str, Any]


def line(name: str, quantity: int, price: str, rate: str = "0") -> Json:
    return {"id": name, "sku": name, "title": name, "quantity": quantity, "unit_price": price, "tax_rate": rate}


def order(*lines: Json, currency: str = "EUR", included: bool = False, **more: Any) -> Json:
    base = {"number": "K-1", "placed_at": "2026-03-01T10:00:00Z", "currency": currency, "country": "DE"}
    return {**base, "prices_include_tax": included, "lines": list(lines), "discounts": [], "shipping": [], **more}


def units(quantity: int, name: str = "1", **more: Any) -> list[Json]:
    return [{"id": name, "quantity": quantity, **more}]


YEN = order(line("1", 3, "1000", "0.1"), currency="JPY", included=True, discounts=[{"code": "D", "amount": "100"}])
DINAR = order(line("1", 3, "3.500", "0.05"), currency="KWD", discounts=[{"code": "D", "amount": "1.000"}])
THIRDS = order(*(line(name, 1, "10.00") for name in "123"), discounts=[{"code": "D", "amount": "1.00"}])
TWO_CODES = order(
    line("1", 1, "10.00"),
    line("2", 1, "20.00"),
    discounts=[{"code": "ALL", "amount": "3.00"}, {"code": "TWO", "amount": "5.00", "lines": ["2"]}],
)
SEVEN = order(line("1", 3, "3.33", "0.07"))
FINE = order(line("1", 3, "0.333"))
FREIGHT = order(
    line("1", 1, "10.00"),
    included=True,
    shipping=[{"id": "s", "amount": "5.95", "tax_rate": "0.19", "discount": "1.00"}],
)
WHOLE = order(line("1", 1, "100.00", "0.19"), included=True)
PAID = order(
    line("1", 10, "10.00"),
    payments=[{"id": p, "method": "card", "amount": a} for p, a in (("a", "20.00"), ("b", "30.00"), ("c", "50.00"))],
)
GIFT = order(line("1", 1, "10.00"), line("2", 1, "0.00"))
MIXED = order(line("1", 1, "3.33", "0.07"), line("2", 1, "3.33", "0.19"))
HALF_CENT = order(line("1", 1, "1.50", "0.05"), line("2", 1, "0.10", "0.05"))

KNOWN: list[tuple[str, Json, Json, Json]] = [
    ("yen, tax inside", YEN, {"lines": units(1)}, {"total": "966", "net": "878", "tax": "88"}),
    ("yen, all three", YEN, {"lines": units(3)}, {"total": "2900", "net": "2636", "tax": "264"}),
    ("dinar, two of three", DINAR, {"lines": units(2)}, {"total": "6.650", "net": "6.333", "tax": "0.317"}),
    ("dinar, everything", DINAR, {"lines": units(3)}, {"total": "9.975", "net": "9.500", "tax": "0.475"}),
    ("the first line takes the odd cent", THIRDS, {"lines": units(1)}, {"total": "9.66"}),
    ("the second line does not", THIRDS, {"lines": units(1, "2")}, {"total": "9.67"}),
    ("two codes, by list value", TWO_CODES, {"lines": units(1, "2")}, {"total": "13.00"}),
    ("two codes, the other line", TWO_CODES, {"lines": units(1)}, {"total": "9.00"}),
    ("the first unit takes the odd cent of tax", SEVEN, {"lines": units(1)}, {"total": "3.57", "tax": "0.24"}),
    ("a unit by name", SEVEN, {"lines": units(1), "units": {"1": [3]}}, {"total": "3.56", "tax": "0.23"}),
    ("all units, the tax once", SEVEN, {"lines": units(3)}, {"total": "10.69", "net": "9.99", "tax": "0.70"}),
    ("a price finer than a cent", FINE, {"lines": units(1)}, {"total": "0.34"}),
    ("its last unit", FINE, {"lines": units(1), "units": {"1": [3]}}, {"total": "0.33"}),
    ("half a cent of tax goes up", HALF_CENT, {"lines": units(1)}, {"total": "1.58", "tax": "0.08"}),
    ("and so it does on ten cents", HALF_CENT, {"lines": units(1, "2")}, {"total": "0.11", "tax": "0.01"}),
    ("an amount takes its part of the tax", SEVEN, {"lines": units(1, amount="1.00")}, {"net": "0.93", "tax": "0.07"}),
    ("exactly what is left", SEVEN, {"lines": units(1, amount="3.57")}, {"total": "3.57"}),
    ("one cent more", SEVEN, {"lines": units(1, amount="3.58")}, {"code": "exceeds_refundable"}),
    (
        "the next unit after one by quantity",
        SEVEN,
        {"lines": units(1), "already_refunded": [{"line": "1", "quantity": 1, "amount": "3.57"}]},
        {"total": "3.56"},
    ),
    (
        "the next unit after one by name",
        SEVEN,
        {"lines": units(1), "already_refunded": [{"line": "1", "unit": 1, "amount": "3.57"}]},
        {"total": "3.56"},
    ),
    (
        "two of the two that are left",
        SEVEN,
        {"lines": units(2), "already_refunded": [{"line": "1", "unit": 2, "quantity": 1, "amount": "3.56"}]},
        {"total": "7.13", "tax": "0.47"},
    ),
    (
        "three of two",
        SEVEN,
        {"lines": units(3), "already_refunded": [{"line": "1", "quantity": 1, "amount": "3.57"}]},
        {"code": "exceeds_refundable"},
    ),
    (
        "one of none",
        SEVEN,
        {"lines": units(1), "already_refunded": [{"line": "1", "quantity": 3, "amount": "10.69"}]},
        {"code": "nothing_to_refund"},
    ),
    ("shipping, tax inside", FREIGHT, {"shipping": [{"id": "s"}]}, {"total": "4.95", "net": "4.16", "tax": "0.79"}),
    ("shipping and goods", FREIGHT, {"lines": units(1), "shipping": [{"id": "s"}]}, {"total": "14.95", "tax": "0.79"}),
    (
        "the rest of shipping",
        FREIGHT,
        {"shipping": [{"id": "s"}], "already_refunded": [{"shipping": "s", "amount": "2.00"}]},
        {"total": "2.95", "tax": "0.47"},
    ),
    (
        "shipping, a cent too much",
        FREIGHT,
        {"shipping": [{"id": "s", "amount": "4.96"}]},
        {"code": "exceeds_refundable"},
    ),
    ("unknown shipping", FREIGHT, {"shipping": [{"id": "1"}]}, {"code": "unknown_line"}),
    (
        "a fixed fee has its tax inside",
        WHOLE,
        {"lines": units(1), "fees": [{"kind": "label", "amount": "5.95"}]},
        {"total": "94.05", "net": "79.03", "tax": "15.02"},
    ),
    (
        "a fee with a tax rate of its own",
        WHOLE,
        {"lines": units(1), "fees": [{"kind": "label", "amount": "5.95", "tax_rate": "0"}]},
        {"total": "94.05", "net": "78.08", "tax": "15.97"},
    ),
    (
        "a rate falls on each line",
        MIXED,
        {"lines": [*units(1), *units(1, "2")], "fees": [{"kind": "restocking", "rate": "0.15"}]},
        {"total": "6.40", "tax": "0.74"},
    ),
    (
        "a tax rate of its own keeps back no more",
        MIXED,
        {"lines": [*units(1), *units(1, "2")], "fees": [{"kind": "restocking", "rate": "0.15", "tax_rate": "0.19"}]},
        {"total": "6.40", "tax": "0.69"},
    ),
    (
        "two fees",
        WHOLE,
        {"lines": units(1), "fees": [{"kind": "a", "rate": "0.1"}, {"kind": "b", "amount": "5.00"}]},
        {"total": "85.00"},
    ),
    (
        "a fee that takes everything",
        WHOLE,
        {"lines": units(1), "fees": [{"kind": "a", "rate": "1"}]},
        {"code": "nothing_to_refund"},
    ),
    (
        "a fee below zero",
        WHOLE,
        {"lines": units(1), "fees": [{"kind": "a", "amount": "-1.00"}]},
        {"code": "invalid_amount"},
    ),
    (
        "three payments in their order, less what went back",
        PAID,
        {"lines": units(6), "already_refunded": [{"line": "1", "quantity": 1, "amount": "10.00"}]},
        {
            "total": "60.00",
            "payments": [
                {"id": "a", "amount": "10.00"},
                {"id": "b", "amount": "30.00"},
                {"id": "c", "amount": "20.00"},
            ],
        },
    ),
    ("the first payment is enough", PAID, {"lines": units(2)}, {"payments": [{"id": "a", "amount": "20.00"}]}),
    ("a gift gives nothing", GIFT, {"lines": units(1, "2")}, {"total": "0.00"}),
    ("a gift beside goods", GIFT, {"lines": [*units(1, "2"), *units(1)]}, {"total": "10.00"}),
    ("a compensation", SEVEN, {"remedy": "compensation", "lines": units(3, amount="2.00")}, {"total": "2.00"}),
    ("none of a line", SEVEN, {"lines": units(0)}, {"code": "nothing_to_refund"}),
    ("less than none", SEVEN, {"lines": units(-1)}, {"code": "invalid_amount"}),
    ("half a unit", SEVEN, {"lines": [{"id": "1", "quantity": 0.5}]}, {"code": "invalid_amount"}),
    ("a fraction of a cent", SEVEN, {"lines": units(1, amount="1.001")}, {"code": "invalid_amount"}),
    ("zero", SEVEN, {"lines": units(1, amount="0.00")}, {"code": "invalid_amount"}),
    ("half a yen", YEN, {"lines": units(1, amount="0.5")}, {"code": "invalid_amount"}),
    ("the same unit twice", SEVEN, {"lines": units(2), "units": {"1": [1, 1]}}, {"code": "invalid_amount"}),
    ("a unit that was not bought", SEVEN, {"lines": units(1), "units": {"1": [4]}}, {"code": "unknown_line"}),
    ("a line that was not bought", SEVEN, {"lines": units(1, "9")}, {"code": "unknown_line"}),
    ("two lines of one name", order(line("1", 1, "1.00"), line("1", 1, "1.00")), {}, {"code": "invalid_order"}),
    ("no currency of this world", SEVEN | {"currency": "EUX"}, {}, {"code": "invalid_order"}),
    (
        "a discount above the price",
        SEVEN | {"discounts": [{"code": "D", "amount": "10.00"}]},
        {},
        {"code": "invalid_order"},
    ),
    ("a line of no units", order(line("1", 0, "1.00")), {}, {"code": "invalid_order"}),
    ("a price below zero", order(line("1", 1, "-1.00")), {}, {"code": "invalid_order"}),
    ("an empty order", order(), {}, {"code": "invalid_order"}),
]


@pytest.mark.parametrize(("sold", "wish", "expected"), [pytest.param(*case[1:], id=case[0]) for case in KNOWN])
def test_a_quote_is_what_was_worked_out_by_hand(client: Client, sold: Json, wish: Json, expected: Json) -> None:
    request = {"order": sold, "remedy": "refund", "lines": [] if wish else units(1), **wish}
    response = post_quote(client, new_token(), request)
    answer = response.json()
    assert {key: answer.get(key) for key in expected} == expected, answer
    assert response.status_code == (422 if "code" in expected else 200)
