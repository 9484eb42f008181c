"""Shares with their uncertainty, spellings of one name, and the penalty of a broken rule."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.models import Failing, ScoreRule, Subject
from signoff.scorecards.rules import Card, Share, Tally, cards, fold, is_broken, kinds_of, penalty

Tariff = ScoreRule.Tariff


@pytest.mark.parametrize(
    ("good", "of", "low", "high"),
    [  # Newcombe 1998, table I, method 3; and Agresti and Coull's example of none in ten
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (0, 10, 0.0, 0.2775),
        (3, 4, 0.3006, 0.9544),
    ],
)
def test_the_interval_is_wilsons(good: int, of: int, low: float, high: float) -> None:
    share = Share(good, of)
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


def test_of_nothing_nothing_is_known() -> None:
    assert (Share(0, 0).low, Share(0, 0).high, Share(0, 0).value) == (0.0, 1.0, 0.0)


@given(st.integers(1, 10**6), st.data())
def test_the_interval_holds_the_share_and_narrows_with_more_parcels(of: int, data: st.DataObject) -> None:
    good = data.draw(st.integers(0, of))
    few, many = Share(good, of), Share(good * 10, of * 10)
    assert 0 <= few.low <= few.value + 1e-9
    assert few.value <= few.high + 1e-9 <= 1 + 2e-9
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize("name", ["DHL", "dhl ", "  DHL", "ＤＨＬ", "Dhl"])
def test_spellings_of_one_name_are_one(name: str) -> None:
    assert fold(name) == "dhl"


def test_cards_bear_the_name_as_most_parcels_spell_it() -> None:
    told = [("dhl ", Tally(2)), ("DHL", Tally(5)), ("顺丰", Tally(9)), (" ", Tally(100)), ("UPS", Tally(7))]
    assert cards(told) == [
        Card("顺丰", Tally(9), ("顺丰",)),
        Card("DHL", Tally(7), ("DHL", "dhl ")),
        Card("UPS", Tally(7), ("UPS",)),
    ]


def test_stars_are_a_share_of_those_possible() -> None:
    assert Tally(rated=4, stars=14).star_share == Share(2.5, 4)


def test_what_does_not_work_is_no_fault_of_who_carried_it() -> None:
    assert kinds_of(Failing.DAMAGED, Subject.CARRIER) == ("damaged",)
    assert kinds_of(Failing.DAMAGED, Subject.SUPPLIER) == ("damaged", "defective")
    assert kinds_of(Failing.LATE, Subject.SELLER) == ()


@pytest.mark.parametrize(
    ("failed", "of", "broken"),
    [(3, 100, False), (4, 100, True), (2, 49, False), (2, 50, True), (0, 50, False), (31, 1000, True)],
)
def test_more_than_three_percent_of_fifty_break_the_rule(failed: int, of: int, *, broken: bool) -> None:
    rule = ScoreRule(failing=Failing.DAMAGED, above_percent=Decimal("3.00"), at_least=50)
    assert is_broken(rule, Tally(of, {"damaged": of}, {"damaged": failed})) is broken


@pytest.mark.parametrize(
    ("tariff", "amount", "currency", "owed"),
    [
        (Tariff.PER_PARCEL, "5.00", "EUR", "35.00"),
        (Tariff.PER_PARCEL, "1.005", "KWD", "7.035"),
        (Tariff.FLAT, "250", "JPY", "250"),
        (Tariff.PERCENT, "10", "EUR", "33.33"),
        (Tariff.PERCENT, "0.015", "EUR", "0.05"),
        (Tariff.PERCENT, "10", "JPY", "33"),
    ],
)
def test_the_penalty_is_exact_to_the_coin(tariff: str, amount: str, currency: str, owed: str) -> None:
    rule = ScoreRule(tariff=tariff, penalty=Decimal(amount))
    assert str(penalty(rule, failed=7, value=Fraction(1000, 3), currency=currency)) == owed
