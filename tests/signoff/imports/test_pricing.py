"""What lines and shipping were charged: known answers, and the rule that all units together are what was charged."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from signoff.imports.files.csv import Row
from signoff.imports.orders.parsed import SoldDiscount, SoldItem, SoldOrder, SoldPayment, SoldShipping
from signoff.imports.orders.pricing import OrderAmounts, calculate_amounts, line_value
from signoff.imports.orders.rows import prepare_order
from signoff.money import CannotFreeze, Frozen, coin, to_coin

ROW = Row(2, [])
PLACED = datetime(2026, 1, 1, tzinfo=UTC)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "GBP", "CNY", "TND", "CLP"])


def item(price: str, quantity: int = 1, **facts: object) -> SoldItem:
    return SoldItem(ROW, "A", "A", quantity, Decimal(price), is_goods=True, **facts)


def sold(*items: SoldItem, currency: str = "EUR", **facts: object) -> SoldOrder:
    return SoldOrder("1", "Order", PLACED, "DE", currency, list(items), row=ROW, **facts)


def amounts(charged: OrderAmounts) -> list[tuple[str, str, str]]:
    """Discount, tax and gross of every line and charge."""
    return [(str(part.discount), str(part.tax), str(part.gross)) for part in (*charged.lines, *charged.shipping)]


def test_an_orders_discount_is_shared_and_the_lines_own_stays_with_it() -> None:
    order = sold(item("10.00", discount=Decimal(1)), item("5.00"), discounts=(SoldDiscount("MAY", Decimal("3.00")),))
    assert amounts(calculate_amounts(order)) == [("3.00", "0", "7.00"), ("1.00", "0", "4.00")]


def test_a_discount_that_the_lines_hold_already_is_not_taken_twice() -> None:
    order = sold(item("10.00", discount=Decimal(1)), discounts=(SoldDiscount("MAY", Decimal(1), in_items=True),))
    assert calculate_amounts(order).total == Decimal("9.00")


def test_what_the_goods_cannot_bear_takes_off_the_shipping() -> None:
    order = sold(
        item("10.00"), shipping=(SoldShipping("Post", Decimal(5)),), discounts=(SoldDiscount("", Decimal(12)),)
    )
    assert amounts(calculate_amounts(order)) == [("10.00", "0", "0.00"), ("2.00", "0", "3.00")]


def test_stated_tax_wins_over_the_rate_and_the_rate_over_nothing() -> None:
    order = sold(
        item("10.00", tax=Decimal("1.61"), tax_rate=Decimal("0.19")),
        item("10.00", tax_rate=Decimal("0.19")),
        item("10.00"),
        shipping=(SoldShipping("Post", Decimal("5.00"), discount=Decimal("1.00"), tax_rate=Decimal("0.19")),),
    )
    assert [part.tax for part in (*calculate_amounts(order).lines, *calculate_amounts(order).shipping)] == [
        Decimal("1.61"), Decimal("1.60"), Decimal(0), Decimal("0.64"),
    ]  # fmt: skip


def test_added_tax_comes_on_top_of_what_is_left_after_the_discount() -> None:
    order = sold(
        item("10.00", tax_rate=Decimal("0.2")),
        prices_include_tax=False,
        discounts=(SoldDiscount("", Decimal("5.00")),),
    )
    assert amounts(calculate_amounts(order)) == [("5.00", "1.00", "6.00")]


def test_the_orders_tax_is_shared_over_what_is_taxed_by_largest_remainder() -> None:
    order = sold(
        item("10.00"), item("10.00"), item("10.00", taxable=False), item("10.00"),
        tax=Decimal("1.00"), prices_include_tax=False,
    )  # fmt: skip
    assert [line.tax for line in calculate_amounts(order).lines] == [
        Decimal("0.34"),
        Decimal("0.33"),
        0,
        Decimal("0.33"),
    ]


def test_lines_that_state_their_tax_keep_it_and_the_others_share_the_rest() -> None:
    order = sold(item("10.00", tax=Decimal("0.50")), item("10.00"), item("20.00"), tax=Decimal("3.50"))
    assert [line.tax for line in calculate_amounts(order).lines] == [Decimal("0.50"), Decimal("1.00"), Decimal("2.00")]


def test_an_orders_tax_below_that_of_its_lines_is_shared_like_theirs() -> None:
    order = sold(item("10.00", tax=Decimal("2.00")), item("5.00", tax=Decimal("1.00")), tax=Decimal("2.40"))
    assert [line.tax for line in calculate_amounts(order).lines] == [Decimal("1.60"), Decimal("0.80")]


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (sold(item("10.00"), discounts=(SoldDiscount("", Decimal(11)),)), "more than the 10.00 it applies to"),
        (sold(item("10.00"), item("1"), discounts=(SoldDiscount("", Decimal(2), (1,)),)), "more than the 1.00"),
        (sold(item("1.00", tax=Decimal(2))), "The tax of 2.00 is more than the 1.00"),
        (sold(item("5"), currency="JPY", payments=(SoldPayment("", "", Decimal("4.5")),)), "more decimals than"),
        (sold(item("1"), shipping=(SoldShipping("", Decimal(9_999_999_999)),) * 2), "is implausibly high"),
    ],
)
def test_amounts_that_cannot_be_true_get_a_sentence(order: SoldOrder, sentence: str) -> None:
    with pytest.raises(CannotFreeze, match=sentence):
        calculate_amounts(order)


@st.composite
def orders(draw: Callable[..., object]) -> SoldOrder:
    """Any order whose discounts fit: prices finer than a coin, taxes by line, by rate, by order or not at all."""
    currency = draw(CURRENCIES)
    money = st.integers(0, 10**6).map(lambda coins: coins * coin(currency))
    rates = st.sampled_from([None, Decimal("0.07"), Decimal("0.19"), Decimal("0.21"), Decimal("0.055")])
    included = draw(st.booleans())
    items = []
    for _ in range(draw(st.integers(0, 6))):
        one = item(str(draw(st.integers(0, 10**6)) * Decimal("0.001")), draw(st.integers(1, 40)), tax_rate=draw(rates))
        value = line_value(one, currency)
        part = draw(st.integers(0, 100))
        discount = to_coin(value * part / 100, currency)
        tax = draw(st.none() | st.just(to_coin((value - discount) / 6, currency)))
        items.append(
            SoldItem(
                ROW,
                "A",
                "A",
                one.quantity,
                one.unit_price,
                True,
                discount,
                tax,
                one.tax_rate,
                taxable=draw(st.booleans()),
            )
        )
    left = sum((line_value(one, currency) - one.discount for one in items), Decimal(0))
    given_off = to_coin(left * draw(st.integers(0, 100)) / 100, currency)
    shipping = tuple(SoldShipping("", draw(money), tax_rate=draw(rates)) for _ in range(draw(st.integers(0, 2))))
    whole = left - given_off + sum((one.amount for one in shipping), Decimal(0))
    tax = draw(st.none() | st.just(to_coin(whole * draw(st.integers(0, 15)) / 100, currency)))
    return sold(
        *items, currency=currency, prices_include_tax=included, shipping=shipping, tax=tax,
        discounts=(SoldDiscount("", given_off),),
    )  # fmt: skip


def in_units(part: Frozen) -> Decimal:
    """What the units cost, one by one."""
    return sum(((end - first) * share.gross for (first, end), share in part.alike()), Decimal(0))


def each_rounded(part: Frozen) -> Decimal:
    """The mistake that this exists to prevent: a unit's part rounded for itself, times the units."""
    return part.quantity * (part.gross / part.quantity).quantize(coin(part.currency), ROUND_HALF_UP)


@pytest.mark.parametrize(
    "summed", [in_units, pytest.param(each_rounded, marks=pytest.mark.xfail(strict=True, raises=AssertionError))]
)
@settings(deadline=None, database=None, max_examples=400)
@given(order=orders())
def test_all_units_together_are_what_was_charged(summed: Callable[[Frozen], Decimal], order: SoldOrder) -> None:
    try:
        charged = calculate_amounts(order)
    except CannotFreeze:
        assume(False)
    parts = (*charged.lines, *charged.shipping)
    due = sum((line_value(one, order.currency) - one.discount for one in order.items), Decimal(0))
    due += sum((one.amount for one in order.shipping), Decimal(0)) - order.discounts[0].amount
    if not order.prices_include_tax:
        due += sum((part.tax for part in parts), Decimal(0))
    assert sum(map(summed, parts), Decimal(0)) == charged.total == due
    assert sum((row[11] for row in prepare_order(order).rows.lines), Decimal(0)) == sum(
        (line.gross for line in charged.lines), Decimal(0)
    )
    if order.tax is not None and parts:
        assert sum((part.tax for part in parts), Decimal(0)) == order.tax
    assert all(min(part.list_total, part.discount, part.tax, part.gross, part.net) >= 0 for part in parts)
