"""The quote's rules one by one: whose turn it is, what is left, what is refused and in which words."""

import copy
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refunds.money import Part, Quote, QuoteRefused, as_answer, from_request, quote, why
from refunds.money.inputs import Kind

ORDER: dict[str, Any] = {
    "number": "G-1",
    "placed_at": "2026-03-01T10:00:00Z",
    "currency": "EUR",
    "country": "DE",
    "prices_include_tax": False,
    "lines": [
        {"id": "1", "sku": "A", "title": "Cup", "quantity": 3, "unit_price": "100.00", "tax_rate": "0"},
        {"id": "2", "sku": "B", "title": "Pot", "quantity": 1, "unit_price": "50.00", "tax_rate": "0.20"},
    ],
    "discounts": [{"code": "D", "amount": "10.00", "lines": ["1"]}],
    "shipping": [{"id": "s1", "amount": "20.00", "tax_rate": "0.20", "discount": "10.00"}],
}


def ask(order: dict[str, Any] | None = None, **request: Any) -> Quote:
    sale, wish, earlier = from_request({"order": ORDER | (order or {}), "remedy": "refund", **request})
    return quote(sale, wish, earlier=earlier)


def refusal(order: dict[str, Any] | None = None, **request: Any) -> str:
    with pytest.raises(QuoteRefused) as refused:
        ask(order, **request)
    assert refused.value.detail.endswith(".")
    return refused.value.code.value


def units(number: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": "1", "quantity": number, **more}]


def total(**request: Any) -> str:
    return str(ask(**request).total)


def test_units_are_refunded_in_their_order() -> None:
    assert total(lines=units(1)) == "96.66"
    past = [{"line": "1", "quantity": 1, "amount": "96.66"}]
    assert total(lines=units(1), already_refunded=past) == "96.67"


def test_units_by_name_are_those_units() -> None:
    assert total(lines=units(1), units={"1": [3]}) == "96.67"


def test_the_rest_of_a_unit_comes_before_the_next_unit() -> None:
    past = [{"line": "1", "unit": 1, "amount": "5.00"}]
    assert total(lines=units(1), already_refunded=past) == "91.66"


def test_a_unit_that_was_given_back_for_less_leaves_the_next_one_whole() -> None:
    past = [{"line": "1", "quantity": 1, "amount": "80.00"}]
    assert total(lines=units(1), already_refunded=past) == "96.67"
    assert total(lines=units(3), already_refunded=past) == "210.00"


def test_money_without_a_unit_does_not_bring_a_given_back_unit_up_again() -> None:
    past = [{"line": "1", "quantity": 1, "amount": "80.00"}, {"line": "1", "amount": "5.00"}]
    assert total(lines=units(1), already_refunded=past) == "96.67"


def test_money_without_a_unit_fills_the_units_in_their_order() -> None:
    past = [{"line": "1", "amount": "100.00"}]
    assert total(lines=units(1), already_refunded=past) == "93.33"
    assert refusal(lines=units(3), already_refunded=past) == "exceeds_refundable"


def test_the_same_line_may_be_asked_for_twice_in_one_request() -> None:
    assert total(lines=units(1) + units(2)) == "290.00"
    assert refusal(lines=units(2) + units(2)) == "exceeds_refundable"


def test_each_wish_for_the_same_line_is_about_other_units() -> None:
    quoted = ask(lines=units(1) + units(2))
    assert [(part.units, part.gross, part.before) for part in quoted.parts] == [
        (((1, 2),), Decimal("96.66"), 0),
        (((2, 4),), Decimal("193.34"), 0),
    ]


def test_a_second_wish_for_the_same_unit_gets_the_rest_of_it() -> None:
    quoted = ask(lines=units(1, amount="5.00") + units(2) + units(1))
    assert [(part.units, part.gross, part.before) for part in quoted.parts] == [
        (((1, 2),), Decimal("5.00"), 0),
        (((2, 4),), Decimal("193.34"), 0),
        (((1, 2),), Decimal("91.66"), Decimal("5.00")),
    ]
    assert quoted.total == Decimal("290.00")


def test_units_named_in_two_wishes_are_given_back_once() -> None:
    named = {"units": {"1": [2, 3]}}
    assert refusal(lines=units(2) + units(2), **named) == "nothing_to_refund"


def test_an_amount_takes_its_part_of_the_tax_and_the_rest_takes_the_rest() -> None:
    first = ask(lines=[{"id": "2", "quantity": 1, "amount": "0.05"}])
    past = [{"line": "2", "quantity": 1, "amount": "0.05"}]
    rest = ask(lines=[{"id": "2", "quantity": 1}], already_refunded=past)
    assert (first.tax, rest.tax, first.total + rest.total) == (Decimal("0.01"), Decimal("9.99"), Decimal("60.00"))


def test_shipping_goes_back_whole_in_part_and_never_twice() -> None:
    assert total(shipping=[{"id": "s1"}]) == "12.00"
    assert total(shipping=[{"id": "s1", "amount": "2.50"}]) == "2.50"
    past = [{"shipping": "s1", "amount": "2.50"}]
    assert total(shipping=[{"id": "s1"}], already_refunded=past) == "9.50"
    assert refusal(shipping=[{"id": "s1", "amount": "9.51"}], already_refunded=past) == "exceeds_refundable"
    assert refusal(shipping=[{"id": "s1"}, {"id": "s1"}]) == "nothing_to_refund"


def test_a_fee_falls_on_each_line_at_that_lines_rate() -> None:
    quoted = ask(lines=[*units(1), {"id": "2", "quantity": 1}], fees=[{"kind": "restocking", "rate": "0.10"}])
    fees = [(part.line, str(part.gross), str(part.tax)) for part in quoted.parts if part.kind is Kind.FEE]
    assert fees == [("1", "-9.67", "0.00"), ("2", "-6.00", "-1.00")]
    assert quoted.total == Decimal("140.99")


def test_a_fee_of_a_fixed_amount_is_shared_by_what_goes_back() -> None:
    quoted = ask(lines=[*units(1), {"id": "2", "quantity": 1}], fees=[{"kind": "label", "amount": "4.90"}])
    assert [part.gross for part in quoted.parts if part.kind is Kind.FEE] == [Decimal("-3.02"), Decimal("-2.26")]


def test_a_fee_with_its_own_tax_is_one_part() -> None:
    quoted = ask(lines=units(1), fees=[{"kind": "label", "amount": "4.90", "tax_rate": "0.19"}])
    assert [(part.line, part.tax) for part in quoted.parts[1:]] == [(None, Decimal("-0.93"))]


def test_a_fixed_fee_is_net_where_the_prices_are_and_gross_where_they_include_tax() -> None:
    line = {"id": "1", "sku": "A", "title": "Sofa", "quantity": 1, "unit_price": "1000.00", "tax_rate": "0.20"}
    order = {"lines": [line], "discounts": [], "shipping": []}
    fee = [{"kind": "restocking", "amount": "1000.00", "tax_rate": "0.125"}]
    net = ask(order, lines=units(1), fees=fee)
    assert (net.total, net.net, net.tax) == (Decimal("75.00"), Decimal("0.00"), Decimal("75.00"))
    with pytest.raises(QuoteRefused, match="Nothing is left"):
        ask(order | {"prices_include_tax": True}, lines=units(1), fees=fee)
    gross = ask(order | {"prices_include_tax": True}, lines=units(1), fees=[fee[0] | {"amount": "100.00"}])
    assert (gross.total, gross.tax) == (Decimal("900.00"), Decimal("155.56"))


def test_a_free_line_is_quoted_with_its_reason() -> None:
    free = {"id": "1", "sku": "A", "title": "Sample", "quantity": 2, "unit_price": "0.00", "tax_rate": "0.20"}
    quoted = ask({"lines": [free], "discounts": [], "shipping": []}, lines=units(2))
    assert (quoted.total, quoted.tax) == (0, 0)
    assert [why(part) for part in quoted.parts] == [
        "2 units were free: nothing was paid for them, so nothing is refunded."
    ]


def test_a_free_line_beside_another_changes_nothing_about_it() -> None:
    lines = [
        {"id": "1", "sku": "A", "title": "Sample", "quantity": 1, "unit_price": "0.00", "tax_rate": "0"},
        {"id": "2", "sku": "B", "title": "Pot", "quantity": 1, "unit_price": "50.00", "tax_rate": "0"},
    ]
    wanted = [{"id": "1", "quantity": 1}, {"id": "2", "quantity": 1}]
    quoted = ask({"lines": lines, "discounts": [], "shipping": []}, lines=wanted)
    assert [part.gross for part in quoted.parts] == [0, 50]


def test_what_was_paid_for_and_has_gone_back_is_not_free() -> None:
    past = [{"line": "2", "quantity": 1, "amount": "60.00"}]
    assert refusal(lines=[{"id": "2", "quantity": 1}], already_refunded=past) == "nothing_to_refund"


def test_payments_give_back_in_their_order_what_is_left_of_each() -> None:
    payments = {"payments": [{"id": "g", "amount": "50.00"}, {"id": "c", "amount": "312.00"}]}
    quoted = ask(payments, lines=units(1), already_refunded=[{"line": "2", "amount": "20.00"}])
    assert as_answer(quoted)["payments"] == [{"id": "g", "amount": "30.00"}, {"id": "c", "amount": "66.66"}]


@pytest.mark.parametrize(
    ("code", "order", "request_"),
    [
        ("exceeds_refundable", {}, {"lines": units(4)}),
        ("exceeds_refundable", {}, {"lines": units(1, amount="96.67")}),
        ("exceeds_refundable", {}, {"lines": units(0, amount="1.00")}),
        ("exceeds_refundable", {"payments": [{"id": "p", "amount": "96.65"}]}, {"lines": units(1)}),
        (
            "exceeds_refundable",
            {},
            {"lines": [{"id": "2", "quantity": 1}], "already_refunded": [{"line": "1", "amount": "302.01"}]},
        ),
        ("invalid_amount", {}, {"lines": units(1, amount="0.00")}),
        ("invalid_amount", {}, {"lines": units(1, amount="1.005")}),
        ("invalid_amount", {}, {"lines": units(1, amount="NaN")}),
        ("invalid_amount", {}, {"lines": units(1, amount=1.5)}),
        ("invalid_amount", {}, {"lines": units(-1)}),
        ("invalid_amount", {}, {"lines": units(1.5)}),
        ("invalid_amount", {}, {"lines": units(2), "units": {"1": [1, 1]}}),
        ("invalid_amount", {}, {"lines": units(1), "already_refunded": [{"line": "1", "amount": "-1.00"}]}),
        ("invalid_amount", {}, {"lines": units(1), "fees": [{"kind": "f", "amount": "96.67"}]}),
        ("invalid_amount", {}, {"lines": units(1), "fees": [{"kind": "f", "rate": "1.01"}]}),
        ("invalid_amount", {}, {"lines": units(1), "fees": [{"kind": "f", "rate": "0.1", "amount": "1.00"}]}),
        ("nothing_to_refund", {}, {"lines": []}),
        ("nothing_to_refund", {}, {"lines": units(0)}),
        ("nothing_to_refund", {}, {"lines": [], "fees": [{"kind": "f", "amount": "1.00"}]}),
        ("nothing_to_refund", {}, {"lines": units(1), "fees": [{"kind": "f", "rate": "1"}]}),
        (
            "nothing_to_refund",
            {},
            {"lines": units(1), "already_refunded": [{"line": "1", "quantity": 3, "amount": "290.00"}]},
        ),
        ("unknown_line", {}, {"lines": [{"id": "9", "quantity": 1}]}),
        ("unknown_line", {}, {"lines": [], "shipping": [{"id": "1"}]}),
        ("unknown_line", {}, {"lines": units(1), "units": {"1": [4]}}),
        ("unknown_line", {}, {"lines": units(1), "units": {"9": [1]}}),
        ("unknown_line", {}, {"lines": units(1), "already_refunded": [{"line": "9", "amount": "1.00"}]}),
        ("invalid_order", {"currency": "EURO"}, {"lines": units(1)}),
        ("invalid_order", {"lines": []} | {"shipping": []}, {"lines": units(1)}),
        ("invalid_order", {"lines": ORDER["lines"] * 2}, {"lines": units(1)}),
        ("invalid_order", {"lines": None, "discounts": [], "shipping": None}, {"lines": units(1)}),
        ("invalid_order", {"discounts": [{"code": "D", "amount": "350.01"}]}, {"lines": units(1)}),
        ("invalid_order", {"discounts": [{"code": "D", "amount": "1.00", "lines": ["9"]}]}, {"lines": units(1)}),
        ("invalid_order", {"discounts": [{"code": "D", "amount": "1.001"}]}, {"lines": units(1)}),
        ("invalid_order", {"shipping": [{"id": "s", "amount": "1.00", "discount": "2.00"}]}, {"lines": units(1)}),
        ("invalid_order", {"placed_at": "yesterday"}, {"lines": units(1)}),
        ("invalid_order", {"prices_include_tax": "no"}, {"lines": units(1)}),
    ],
)
def test_what_cannot_be_refunded_is_refused_with_its_code(
    code: str, order: dict[str, Any], request_: dict[str, Any]
) -> None:
    assert refusal(order, **request_) == code


@pytest.mark.parametrize(("currency", "one"), [("JPY", "33"), ("KWD", "33.334")])
def test_other_currencies_have_other_coins(currency: str, one: str) -> None:
    line = {"id": "1", "quantity": 3, "unit_price": "100", "tax_rate": "0"}
    order = {"currency": currency, "lines": [line], "discounts": [{"code": "D", "amount": "200"}], "shipping": []}
    expected = {"JPY": ["33", "33", "34"], "KWD": ["33.333", "33.333", "33.334"]}[currency]
    each = [str(ask(order, lines=units(1), units={"1": [n]}).total) for n in (1, 2, 3)]
    assert (each, each[-1] == one or currency == "JPY") == (expected, True)


def test_each_part_explains_itself_in_a_sentence() -> None:
    quoted = ask(lines=units(2), shipping=[{"id": "s1", "amount": "2.50"}], fees=[{"kind": "label", "amount": "4.90"}])
    assert [part["why"] for part in as_answer(quoted)["parts"]] == [
        "2 units: list price 200.00 − discount 6.67 + tax 0.00 = 193.33.",
        "Shipping: 2.50 of the 12.00 paid, including 0.42 tax.",
        "Fee “label”: 4.90 deducted, including 0.00 tax.",
    ]
    whole = ask({"prices_include_tax": True}, lines=units(1), fees=[{"kind": "restocking", "rate": "0.125"}])
    assert [why(part) for part in whole.parts] == [
        "1 unit: list price 100.00 − discount 3.34 = 96.66, including 0.00 tax.",
        "Fee “restocking”: 12.5 % of 96.66 = 12.08 deducted, including 0.00 tax.",
    ]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1", "-1", "1e999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PLACES = [
    ("order",), ("order", "currency"), ("order", "lines"), ("order", "lines", 0), ("order", "lines", 0, "quantity"),
    ("order", "lines", 0, "unit_price"), ("order", "lines", 1, "tax_rate"), ("order", "lines", 0, "id"),
    ("order", "discounts", 0, "amount"), ("order", "discounts", 0, "lines"), ("order", "shipping", 0, "discount"),
    ("order", "placed_at"), ("order", "payments"), ("lines",), ("lines", 0, "id"), ("lines", 0, "amount"),
    ("lines", 0, "quantity"), ("shipping",), ("units",), ("fees", 0, "rate"), ("fees", 0, "tax_rate"), ("remedy",),
    ("already_refunded",), ("already_refunded", 0, "unit"), ("already_refunded", 0, "amount"),
]  # fmt: skip


@settings(deadline=None)
@given(place=st.sampled_from(PLACES), value=JSON)
def test_whatever_stands_in_a_field_the_answer_is_a_quote_or_a_refusal(place: tuple[Any, ...], value: Any) -> None:
    request: dict[str, Any] = copy.deepcopy(
        {
            "order": ORDER,
            "remedy": "refund",
            "lines": units(1),
            "shipping": [{"id": "s1"}],
            "units": {},
            "fees": [{"kind": "f", "rate": "0.1"}],
            "already_refunded": [{"line": "1", "unit": 1, "amount": "1.00"}],
        }
    )
    holder: Any = request
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    with suppress(QuoteRefused):
        sale, wish, earlier = from_request(request)
        assert quote(sale, wish, earlier=earlier).total > 0


def test_a_part_of_a_quote_is_a_value_and_can_be_told_again() -> None:
    part = ask(lines=units(1)).parts[0]
    assert why(Part(**{field: getattr(part, field) for field in Part.__dataclass_fields__})) == why(part)
