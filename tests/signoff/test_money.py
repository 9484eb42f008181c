"""Shares of an amount: known answers, and the rule that the parts always add up to what was paid."""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.money import (
    HUNDREDTHS,
    CannotFreeze,
    Priced,
    Reduction,
    coin,
    freeze,
    included_tax,
    portion,
    split,
    sum_of_units,
    to_coin,
)
from signoff.web.formatting import money

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "GBP", "CNY", "CLF", "TND"])
type Splitter = Callable[[Decimal, Sequence[int], str], list[Decimal]]


def test_the_smallest_coin_depends_on_the_currency() -> None:
    assert [coin(code) for code in ("JPY", "EUR", "KWD")] == [Decimal(1), Decimal("0.01"), Decimal("0.001")]
    assert {coin(code) for code in HUNDREDTHS} == {Decimal("0.01")}
    assert money(Decimal("1234.500"), "RSD") == "RSD\N{NO-BREAK SPACE}1,234.50"


def test_halves_are_rounded_away_from_zero() -> None:
    halves = ["0.005", "0.015", "-0.005", "2.675"]
    assert [to_coin(Decimal(half), "EUR") for half in halves] == [
        Decimal("0.01"),
        Decimal("0.02"),
        Decimal("-0.01"),
        Decimal("2.68"),
    ]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        ("10.00", [1, 1, 1], ["3.34", "3.33", "3.33"]),
        ("-10.00", [1, 1, 1], ["-3.34", "-3.33", "-3.33"]),
        ("0.02", [1, 1, 1], ["0.01", "0.01", "0.00"]),
        ("0.70", [200, 150], ["0.40", "0.30"]),
        ("1.00", [1, 0, 2], ["0.33", "0.00", "0.67"]),
        ("0.03", [0, 0], ["0.02", "0.01"]),
        ("0.00", [5, 7], ["0.00", "0.00"]),
    ],
)
def test_a_split_follows_the_weights_and_the_earlier_part_takes_the_odd_coin(
    total: str, weights: list[int], parts: list[str]
) -> None:
    assert split(Decimal(total), weights, "EUR") == [Decimal(part) for part in parts]


def test_weights_may_be_amounts_finer_than_a_coin() -> None:
    assert split(Decimal("1.00"), [Decimal("0.001"), Decimal("0.003")], "EUR") == [Decimal("0.25"), Decimal("0.75")]


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_a_split_needs_weights_that_are_not_negative(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Decimal("1.00"), weights, "EUR")


def test_a_fraction_of_a_coin_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="smallest coin"):
        split(Decimal("0.5"), [1, 1], "JPY")


def naive(total: Decimal, weights: Sequence[int], currency: str) -> list[Decimal]:
    """The mistake this module exists to prevent: each part rounded for itself."""
    whole = sum(weights)
    return [(total * weight / whole).quantize(coin(currency), ROUND_HALF_UP) for weight in weights]


@pytest.mark.parametrize(
    "splitter", [split, pytest.param(naive, marks=pytest.mark.xfail(strict=True, raises=AssertionError))]
)
@settings(deadline=None)
@given(
    coins=st.integers(-10_000_000, 10_000_000),
    weights=st.lists(st.integers(0, 1_000_000), min_size=1, max_size=30).filter(any),
    currency=CURRENCIES,
)
def test_parts_add_up_and_are_within_a_coin_of_their_weight(
    splitter: Splitter, coins: int, weights: list[int], currency: str
) -> None:
    total = coins * coin(currency)
    parts = splitter(total, weights, currency)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < coin(currency)


@settings(deadline=None)
@given(coins=st.integers(0, 10**9), quantity=st.integers(1, 60), currency=CURRENCIES)
def test_shares_in_closed_form_are_those_of_the_split(coins: int, quantity: int, currency: str) -> None:
    total = coins * coin(currency)
    each = [sum_of_units(total, quantity, [(n, n + 1)], currency=currency) for n in range(1, quantity + 1)]
    assert each == split(total, [1] * quantity, currency)


@settings(deadline=None)
@given(data=st.data(), coins=st.integers(0, 10**9), quantity=st.integers(1, 60))
def test_a_span_of_units_has_the_sum_of_its_units(data: st.DataObject, coins: int, quantity: int) -> None:
    total = coins * coin("EUR")
    edges = sorted(data.draw(st.lists(st.integers(1, quantity + 1), max_size=8)))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    each = split(total, [1] * quantity, "EUR")
    assert sum_of_units(total, quantity, spans, currency="EUR") == sum(sum(each[a - 1 : b - 1]) for a, b in spans)


def test_a_line_of_eighty_thousand_units_costs_no_more_to_share_than_one_of_eight() -> None:
    assert sum_of_units(Decimal("77183.60"), 74215, [(1, 74216)], currency="GBP") == Decimal("77183.60")
    assert sum_of_units(Decimal("168469.60"), 80995, [(80995, 80996)], currency="GBP") == Decimal("2.08")


def test_tax_inside_a_price_is_exact_at_the_half_coin() -> None:
    assert included_tax(Decimal("10.00"), Decimal("0.10"), "EUR") == Decimal("0.91")
    assert included_tax(Decimal("0.03"), Decimal("0.20"), "EUR") == Decimal("0.01")
    assert portion(Decimal("0.01"), Decimal("0.50"), Decimal("1.00"), "EUR") == Decimal("0.01")


def test_a_unit_price_finer_than_a_coin_is_rounded_once_for_the_line() -> None:
    (line,) = freeze([Priced("1", 3, Decimal("0.125"))], currency="GBP", tax_included=True)
    assert line.list_total == Decimal("0.38")
    assert [line.unit(n).gross for n in (1, 2, 3)] == [Decimal("0.13"), Decimal("0.13"), Decimal("0.12")]


def test_a_discount_is_shared_over_the_lines_it_covers_by_their_value() -> None:
    lines = [Priced("1", 1, Decimal("2.00")), Priced("2", 1, Decimal("1.50")), Priced("3", 1, Decimal("1.20"))]
    frozen = freeze(lines, [Reduction(Decimal("0.70"), frozenset("12"))], currency="CNY", tax_included=True)
    assert [line.gross for line in frozen] == [Decimal("1.60"), Decimal("1.20"), Decimal("1.20")]


def test_a_second_discount_never_pushes_a_line_below_nothing() -> None:
    lines = [Priced("1", 1, Decimal("10.00")), Priced("2", 1, Decimal("10.00"))]
    reductions = [Reduction(Decimal("9.00"), frozenset("1")), Reduction(Decimal("11.00"))]
    frozen = freeze(lines, reductions, currency="EUR", tax_included=True)
    assert [line.gross for line in frozen] == [Decimal("0.00"), Decimal("0.00")]


def test_a_discount_larger_than_what_it_covers_is_refused() -> None:
    with pytest.raises(CannotFreeze, match=r"12.00 is more than the 10.00"):
        freeze([Priced("1", 1, Decimal(10))], [Reduction(Decimal("12.00"))], currency="EUR", tax_included=True)


LINES = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.decimals(0, 500, places=3),
        st.sampled_from(["0", "0.05", "0.07", "0.19", "0.2", "0.255"]).map(Decimal),
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None)
@given(lines=LINES, share=st.decimals(0, 1, places=2), currency=CURRENCIES, tax_included=st.booleans())
def test_units_add_up_to_their_line_and_lines_to_what_was_paid(
    lines: list[tuple[int, Decimal, Decimal]], share: Decimal, currency: str, tax_included: bool
) -> None:
    priced = [Priced(str(n), quantity, price, rate) for n, (quantity, price, rate) in enumerate(lines)]
    values = [to_coin(line.quantity * line.unit_price, currency) for line in priced]
    discount = (sum(values) * share // coin(currency)) * coin(currency)
    frozen = freeze(priced, [Reduction(discount)], currency=currency, tax_included=tax_included)
    assert sum(line.list_total for line in frozen) == sum(values)
    assert sum(line.discount for line in frozen) == discount
    added = 0 if tax_included else sum(line.tax for line in frozen)
    assert sum(line.gross for line in frozen) == sum(values) - discount + added
    for line in frozen:
        units = [line.unit(n) for n in range(1, line.quantity + 1)]
        assert sum(unit.gross for unit in units) == line.gross
        assert sum(unit.net for unit in units) == line.net == line.gross - line.tax
        assert all(unit.gross >= 0 for unit in units)
        alike = [share for (first, end), share in line.alike() for _ in range(first, end)]
        assert alike == units
