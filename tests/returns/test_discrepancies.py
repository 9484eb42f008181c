"""Which of a shop's reasons stands for what was wrong on delivery."""

import pytest

from returns.intake.reason_mapping import MEANINGS, REFUSED, main_kind, reason_for, remedy_for
from returns.models import Reason
from signoff.models import Discrepancy, ExceptionKind


def leaf(code: str, liability: str = "shop", **options: str) -> Reason:
    return Reason(code=code, liability=liability, **options)


SHOP = [
    leaf("defective", "supplier"),
    leaf("damaged_in_transit", "carrier"),
    leaf("missing"),
    leaf("wrong_item"),
    leaf("late", "carrier"),
    leaf("not_as_described"),
    leaf("changed_mind", "shopper"),
]


def test_everything_that_can_be_wrong_has_a_meaning() -> None:
    assert MEANINGS.keys() == {*Discrepancy.Kind.values, *ExceptionKind.values, REFUSED}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("missing", "missing"),
        ("wrong_item", "wrong_item"),
        ("damaged", "damaged_in_transit"),
        ("defective", "defective"),
        ("not_as_described", "not_as_described"),
        ("lost", "missing"),
        ("returned", "missing"),
        ("silent", "missing"),
        ("late", "late"),
        ("refused", "changed_mind"),
    ],
)
def test_each_kind_has_the_reason_that_says_it(kind: str, code: str) -> None:
    assert reason_for(kind, SHOP).code == code


def test_a_shop_may_write_its_codes_with_hyphens() -> None:
    assert reason_for("wrong_item", [leaf("size"), leaf("wrong-item")]).code == "wrong-item"


def test_without_such_a_reason_it_is_one_that_the_same_party_answers_for() -> None:
    assert reason_for("damaged", [leaf("size", "shopper"), leaf("post", "carrier")]).code == "post"


def test_without_any_that_fits_it_is_the_first() -> None:
    assert reason_for("damaged", [leaf("size", "shopper"), leaf("other", "shopper")]).code == "size"


def test_what_is_missing_is_to_be_sent_and_else_the_reason_says_what_puts_it_right() -> None:
    exchange = leaf("any", default_remedy="exchange")
    assert [remedy_for(kind, exchange) for kind in ("missing", "damaged", "lost")] == ["resend", "exchange", "exchange"]


def test_the_kind_of_most_units_leads_and_of_as_many_the_one_that_weighs_most() -> None:
    assert main_kind({"missing": 2, "damaged": 1}) == "missing"
    assert main_kind({"missing": 1, "damaged": 1}) == "damaged"
