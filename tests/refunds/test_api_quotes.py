"""Quotes over HTTP: known answers, refusals with their sentences, nothing stored."""

import copy
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from refunds.money import as_answer, from_request, quote
from tests.refunds.test_money_golden import CASES
from tests.steps.quote_api import ORDER, QUOTES, new_token, post_quote, quote_body

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_a_quote_is_what_other_systems_found_to_be_right(client: Client, case: dict[str, Any]) -> None:
    response = post_quote(client, new_token(), case["request"])
    answer = response.json()
    if "error" in case["expect"]:
        assert (response.status_code, answer["code"]) == (422, case["expect"]["error"])
        assert answer.keys() == {"code", "detail"}
        assert answer["detail"].endswith(".")
        return
    assert response.status_code == 200
    assert {key: answer[key] for key in case["expect"]} == case["expect"]
    sale, wish, earlier = from_request(case["request"])
    assert answer == as_answer(quote(sale, wish, earlier=earlier))


def test_the_answer_is_whole_and_amounts_are_texts(client: Client) -> None:
    request = quote_body(shipping=[{"id": "s1", "amount": "2.50"}], fees=[{"kind": "label", "amount": "4.90"}])
    response = post_quote(client, new_token(), request)
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "currency": "EUR",
        "total": "94.26",
        "net": "93.84",
        "tax": "0.42",
        "parts": [
            {
                "kind": "goods",
                "line": "1",
                "quantity": 1,
                "net": "96.66",
                "tax": "0.00",
                "gross": "96.66",
                "why": "1 unit: list price 100.00 − discount 3.34 + tax 0.00 = 96.66.",
            },
            {
                "kind": "shipping",
                "shipping": "s1",
                "net": "2.08",
                "tax": "0.42",
                "gross": "2.50",
                "why": "Shipping: 2.50 of the 12.00 paid, including 0.42 tax.",
            },
            {
                "kind": "fee",
                "line": "1",
                "net": "-4.90",
                "tax": "0.00",
                "gross": "-4.90",
                "why": "Fee “label”: 4.90 deducted, including 0.00 tax.",
            },
        ],
        "payments": [{"id": "g", "amount": "50.00"}, {"id": "c", "amount": "44.26"}],
    }


def test_nothing_is_stored_but_when_the_token_was_used(client: Client) -> None:
    token = new_token()
    with CaptureQueriesContext(connection) as first:
        post_quote(client, token, quote_body())
    with CaptureQueriesContext(connection) as second:
        post_quote(client, token, quote_body())
    assert [query["sql"].split()[0] for query in first] == ["SELECT", "UPDATE"]
    assert [query["sql"].split()[0] for query in second] == ["SELECT"]


def test_the_reason_is_told_in_the_language_asked_for(client: Client) -> None:
    told = [
        post_quote(client, new_token(), quote_body(), Accept_Language=language).json() for language in ("en", "zh-hans")
    ]
    assert told[0]["total"] == told[1]["total"]
    assert told[0]["parts"][0]["why"] != told[1]["parts"][0]["why"]


def without(path: str) -> dict[str, Any]:
    """The request without the field at ``path`` ("order.lines.0.quantity")."""
    request = copy.deepcopy(quote_body(shipping=[{"id": "s1"}], fees=[{"kind": "f", "rate": "0.1"}]))
    holder: Any = request
    *way, last = path.split(".")
    for step in way:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    del holder[last]
    return request


@pytest.mark.parametrize(
    ("path", "code", "named"),
    [
        ("order", "invalid_order", "“order”"),
        ("remedy", "invalid_order", "“remedy”"),
        ("lines.0.id", "invalid_order", "“lines[0].id”"),
        ("lines.0.quantity", "invalid_amount", "“lines[0].quantity”"),
        ("shipping.0.id", "invalid_order", "“shipping[0].id”"),
        ("fees.0.kind", "invalid_order", "“fees[0].kind”"),
        ("order.currency", "invalid_order", "“order.currency”"),
        ("order.prices_include_tax", "invalid_order", "“order.prices_include_tax”"),
        ("order.lines.0.quantity", "invalid_order", "“order.lines[0].quantity”"),
        ("order.lines.1.unit_price", "invalid_order", "“order.lines[1].unit_price”"),
        ("order.lines.1.tax_rate", "invalid_order", "“order.lines[1].tax_rate”"),
        ("order.discounts.0.amount", "invalid_order", "“order.discounts[0].amount”"),
        ("order.shipping.0.tax_rate", "invalid_order", "“order.shipping[0].tax_rate”"),
        ("order.payments.0.amount", "invalid_order", "“order.payments[0].amount”"),
    ],
)
def test_a_missing_field_is_named(client: Client, path: str, code: str, named: str) -> None:
    response = post_quote(client, new_token(), without(path))
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert response.json()["detail"].startswith(named)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"remedy": "gift"}, "invalid_order"),
        ({"remedy": None}, "invalid_order"),
        ({"remedy": "exchange"}, "nothing_to_refund"),
        ({"lines": "1"}, "invalid_order"),
        ({"lines": [1]}, "invalid_order"),
        ({"lines": [{"id": ["1"], "quantity": 1}]}, "invalid_order"),
        ({"lines": [{"id": "1", "quantity": True}]}, "invalid_amount"),
        ({"lines": [{"id": "1", "quantity": 0.5}]}, "invalid_amount"),
        ({"lines": [{"id": "1", "quantity": 10**400}]}, "invalid_amount"),
        ({"lines": [{"id": "1", "quantity": 1, "amount": 1.5}]}, "invalid_amount"),
        ({"lines": [{"id": "1", "quantity": 1, "amount": "1e3"}]}, "invalid_amount"),
        ({"lines": [{"id": "1", "quantity": 1, "amount": "9" * 5000}]}, "invalid_amount"),
        ({"lines": [{"id": "1", "quantity": 1, "amount": "１"}]}, "invalid_amount"),
        ({"lines": [{"id": "\x00\ud800", "quantity": 1}]}, "unknown_line"),
        ({"units": [1]}, "invalid_order"),
        ({"units": {"1": 1}}, "invalid_order"),
        ({"units": {"1": [0]}}, "invalid_amount"),
        ({"order": "G-1"}, "invalid_order"),
        ({"order": {}}, "invalid_order"),
        ({"order": {"number": "\x00"}}, "invalid_order"),
        ({"order": {"number": "\ud800"}}, "invalid_order"),
        ({"order": {"number": {}}}, "invalid_order"),
        ({"already_refunded": [{"amount": "1.00"}]}, "invalid_order"),
        ({"already_refunded": [{"line": "1", "shipping": "s1", "amount": "1.00"}]}, "invalid_order"),
        ({"fees": [{"kind": "f"}]}, "invalid_amount"),
    ],
)
def test_a_wrong_shape_is_refused_with_a_sentence(client: Client, change: dict[str, Any], code: str) -> None:
    response = post_quote(client, new_token(), quote_body(**change))
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert response.json()["detail"].endswith(".")


SOLD = {"id": "1", "quantity": 1, "unit_price": "1.00", "tax_rate": "0"}


def order(**change: Any) -> dict[str, Any]:
    return {"order": ORDER | change}


@pytest.mark.parametrize(
    ("change", "code", "detail"),
    [
        ({"order": 1}, "invalid_order", "“order” must be an object. Send one."),
        ({"lines": [1]}, "invalid_order", "“lines[0]” must be an object. Send one."),
        ({"units": []}, "invalid_order", "“units” must be an object. Send one."),
        ({"lines": {}}, "invalid_order", "“lines” must be a list of at most 2000 objects."),
        ({"lines": [{}] * 2001}, "invalid_order", "“lines” must be a list of at most 2000 objects."),
        ({"fees": [{}] * 11}, "invalid_order", "“fees” must be a list of at most 10 objects."),
        ({"units": {"1": "1"}}, "invalid_order", "“units.1” must be a list of at most 2000."),
        (
            {"remedy": "gift"},
            "invalid_order",
            "“remedy” must be one of refund, compensation, exchange, repair, resend.",
        ),
        (
            {"fees": [{"kind": "k" * 201, "rate": "0"}]},
            "invalid_order",
            "“fees[0].kind” must be text of at most 200 characters.",
        ),
        ({"lines": [{"id": "", "quantity": 1}]}, "invalid_order", "“lines[0].id” must be an id used in the order."),
        (
            {"lines": [{"id": "1" * 201, "quantity": 1}]},
            "invalid_order",
            ("“lines[0].id” must be an id used in the order."),
        ),
        ({"lines": [{"id": True, "quantity": 1}]}, "invalid_order", "“lines[0].id” must be an id used in the order."),
        ({"lines": [{"id": 1.0, "quantity": 1}]}, "invalid_order", "“lines[0].id” must be an id used in the order."),
        (
            {"order": {"number": 1.5}},
            "invalid_order",
            "“order.number” must be an id used in the order.",
        ),
        (order(prices_include_tax=1), "invalid_order", "“order.prices_include_tax” must be true or false."),
        (
            order(placed_at="1 March"),
            "invalid_order",
            "“order.placed_at” must be a date and time such as 2026-03-01T10:00:00Z.",
        ),
        (order(currency="eur"), "invalid_order", "“order.currency” must be an ISO 4217 code such as EUR."),
        (
            {"lines": [{"id": "1", "quantity": "1.5"}]},
            "invalid_amount",
            "“lines[0].quantity” must be a whole number from 0 to 10000000.",
        ),
        ({"units": {"1": [1, 0]}}, "invalid_amount", "“units.1[1]” must be a whole number from 1 to 10000000."),
        (
            order(lines=[SOLD | {"quantity": "0"}]),
            "invalid_order",
            "“order.lines[0].quantity” must be a whole number from 1 to 10000000.",
        ),
        (
            order(lines=[SOLD | {"unit_price": 1.5}]),
            "invalid_order",
            '“order.lines[0].unit_price” must be a decimal number written as text, such as "12.50".',
        ),
        (
            {"lines": [{"id": "1", "quantity": 1, "amount": "1.123456789"}]},
            "invalid_amount",
            '“lines[0].amount” must be a decimal number written as text, such as "12.50".',
        ),
        (
            {"already_refunded": [{"line": "1", "amount": "-1.00"}]},
            "invalid_amount",
            "“already_refunded[0].amount” cannot be negative.",
        ),
        (
            order(lines=[SOLD, SOLD | {"id": "2", "tax_rate": -1}]),
            "invalid_order",
            "“order.lines[1].tax_rate” cannot be negative.",
        ),
        (
            {"fees": [{"kind": "f", "rate": "10.5"}]},
            "invalid_amount",
            '“fees[0].rate” is a share such as "0.19", not a percentage.',
        ),
        (
            order(lines=[SOLD | {"tax_rate": 19}]),
            "invalid_order",
            '“order.lines[0].tax_rate” is a share such as "0.19", not a percentage.',
        ),
        (
            order(payments=[{"id": "1", "amount": "1.00"}, {"id": "2", "amount": "1.001"}]),
            "invalid_order",
            "“order.payments[1].amount” has more decimals than EUR allows.",
        ),
        (
            {"already_refunded": [{"line": "1", "amount": "1.001"}]},
            "invalid_amount",
            "“already_refunded[0].amount” has more decimals than EUR allows.",
        ),
        (
            {"already_refunded": [{"amount": "1.00"}]},
            "invalid_order",
            "“already_refunded” must name either a line or a shipping charge.",
        ),
        ({"units": {"9": None}}, "unknown_line", "“units” refers to a line that is not in the order."),
    ],
)
def test_a_refusal_says_where_and_what(client: Client, change: dict[str, Any], code: str, detail: str) -> None:
    response = post_quote(client, new_token(), quote_body(**change))
    assert (response.status_code, response.json()) == (422, {"code": code, "detail": detail})


def test_whole_numbers_may_come_as_numbers(client: Client) -> None:
    texts = [{"id": "1", "quantity": "3", "unit_price": "100", "tax_rate": "0"}]
    numbers = [{"id": 1, "quantity": 3, "unit_price": 100, "tax_rate": 0}]
    wishes = [{"id": "1", "quantity": "1", "amount": "5"}], [{"id": 1, "quantity": 1, "amount": 5}]
    plain = {"discounts": [], "shipping": []}
    one, other = (
        post_quote(client, new_token(), quote_body(**order(lines=sold, **plain), lines=wish)).json()
        for sold, wish in zip((texts, numbers), wishes, strict=True)
    )
    assert one == other
    assert one["total"] == "5.00"


def test_what_a_quote_does_not_need_may_be_anything(client: Client) -> None:
    sold = [{**ORDER["lines"][0], "title": 1.5, "sku": {}}, {**ORDER["lines"][1], "weight": [None]}]
    asked = quote_body(**order(lines=sold, number=None), note="urgent", fees=None, units=None)
    assert post_quote(client, new_token(), asked).json() == post_quote(client, new_token(), quote_body()).json()


@pytest.mark.parametrize(
    "sent",
    [
        b" ",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe{}",
        b'{"order": NaN}',
        b'{"order": Infinity}',
        b'{"order": -Infinity}',
        b'{"order": 1e999}',
        b'{"order": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"remedy": "refund", "remedy": "refund"}',
    ],
)
def test_what_is_not_a_json_object_is_refused(client: Client, sent: bytes) -> None:
    response = post_quote(client, new_token(), sent)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_order")
    assert response.json()["detail"].endswith(".")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "a/b;"])
def test_another_type_than_json_is_refused(client: Client, kind: str) -> None:
    headers = {"Authorization": f"Bearer {new_token()}"}
    response = client.generic("POST", QUOTES, b"{}", content_type=kind, headers=headers)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_a_body_of_more_than_a_megabyte_is_not_read(client: Client) -> None:
    response = post_quote(client, new_token(), b" " * (1024 * 1024) + b"{}")
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_a_body_in_chunks_is_asked_for_in_one_piece(client: Client) -> None:
    response = post_quote(client, new_token(), quote_body(), Transfer_Encoding="chunked")
    assert (response.status_code, response.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize("length", ["-1", "1e3", "x", "²"])
def test_a_length_that_is_none_is_refused(client: Client, length: str) -> None:
    response = client.generic(
        "POST",
        QUOTES,
        b"{}",
        content_type="application/json",
        headers={"Authorization": f"Bearer {new_token()}"},
        CONTENT_LENGTH=length,
    )
    assert response.status_code == 413


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_other_methods_are_not_allowed(client: Client, method: str) -> None:
    response = getattr(client, method)(QUOTES, headers={"Authorization": f"Bearer {new_token()}"})
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


def test_the_headers_of_the_house_are_there(client: Client) -> None:
    for response in (
        post_quote(client, new_token(), quote_body()),
        post_quote(client, "wrong", quote_body()),
        client.get("/api/v1/openapi.json"),
    ):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_no_session_and_no_cookie_is_needed_or_given(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = post_quote(strict, new_token(), quote_body())
    assert response.status_code == 200
    assert not response.cookies


def test_the_order_in_the_request_is_not_changed_by_asking(client: Client) -> None:
    request = quote_body()
    assert post_quote(client, new_token(), request).json() == post_quote(client, new_token(), request).json()
    assert request["order"] == ORDER
