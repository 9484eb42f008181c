"""Quotes with answers known from other systems' test suites and issue reports."""

import json
from typing import Any

import pytest

from refunds.money import QuoteRefused, as_answer, from_request, quote
from tests.datafiles import data_file

CASES: list[dict[str, Any]] = json.loads(data_file("golden/quotes.json").read_text())


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What the quote API answers, in the words of its contract."""
    try:
        sale, wish, earlier = from_request(request)
        return as_answer(quote(sale, wish, earlier=earlier))
    except QuoteRefused as refusal:
        return {"error": refusal.code.value}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_a_quote_is_what_other_systems_found_to_be_right(case: dict[str, Any]) -> None:
    answered = answer(case["request"])
    assert {key: answered.get(key) for key in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES if "total" in case["expect"]])
def test_the_parts_of_a_quote_are_its_total_and_each_says_why(case: dict[str, Any]) -> None:
    sale, wish, earlier = from_request(case["request"])
    quoted = quote(sale, wish, earlier=earlier)
    assert sum(part.gross for part in quoted.parts) == quoted.total
    assert sum(part.net for part in quoted.parts) == quoted.net == quoted.total - quoted.tax
    assert all(part["why"].endswith(".") for part in as_answer(quoted)["parts"])
