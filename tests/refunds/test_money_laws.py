"""Laws of refunds for any order: never more than was paid, and the order of partial refunds does not matter."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refunds.money import (
    EarlierRefund,
    LineWish,
    Part,
    Quote,
    QuoteRefused,
    Sale,
    ShippingWish,
    SoldLine,
    Tender,
    Wish,
    as_answer,
)
from refunds.money import quote as real_quote
from refunds.money.units import Run
from signoff.money import Frozen, Priced, Reduction, coin, freeze, freeze_amount, to_coin

type Quoter = Callable[..., Quote]
RATES = st.sampled_from(["0", "0.05", "0.07", "0.19", "0.2"]).map(Decimal)


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    """An order of any shape and currency, with discounts, shipping and payments that add up to it."""
    currency, tax_included = draw(st.sampled_from(["EUR", "JPY", "KWD", "GBP"])), draw(st.booleans())
    shapes = draw(st.lists(st.tuples(st.integers(1, 9), st.decimals(0, 90, places=3), RATES), min_size=1, max_size=4))
    priced = [Priced(str(n), *shape) for n, shape in enumerate(shapes)]
    value = sum(to_coin(line.quantity * line.unit_price, currency) for line in priced)
    discount = value * draw(st.integers(0, 10)) / 10 // coin(currency) * coin(currency)
    costs = freeze(priced, [Reduction(discount)], currency=currency, tax_included=tax_included)
    lines = tuple(SoldLine(line.id, cost, line.tax_rate) for line, cost in zip(priced, costs, strict=True))
    freight, rate = draw(st.integers(0, 999)) * coin(currency), draw(RATES)
    charge = freeze_amount(freight, Decimal(0), quantity=1, tax_rate=rate, currency=currency, tax_included=tax_included)
    sale = Sale(currency, tax_included, lines, (SoldLine("s", charge, rate),))
    first = draw(st.integers(0, int(sale.total / coin(currency)))) * coin(currency)
    return Sale(currency, tax_included, lines, sale.shipping, (Tender("a", first), Tender("b", sale.total - first)))


def tracking_steps(sale: Sale) -> list[tuple[str, int]]:
    return [(line.id, unit) for line in sale.lines for unit in range(1, line.cost.quantity + 1)]


def try_quote(quoter: Quoter, sale: Sale, wish: Wish, earlier: list[EarlierRefund]) -> Quote | None:
    """The quote, or none where these units are worth nothing."""
    try:
        return quoter(sale, wish, earlier=earlier)
    except QuoteRefused as refused:
        if refused.code != "nothing_to_refund":
            raise
        return None


def rounds_each_unit(sale: Sale, wish: Wish, *, earlier: list[EarlierRefund]) -> Quote:
    """The mistake: each unit is its line's total divided and rounded for itself."""

    def broken(cost: Frozen) -> list[tuple[tuple[int, int], object]]:
        each = Frozen(
            1,
            cost.currency,
            *(to_coin(total / cost.quantity, cost.currency) for total in (cost.list_total, cost.discount, cost.tax)),
            cost.tax_included,
        )
        return [((1, cost.quantity + 1), each.unit(1))]

    real = Frozen.alike
    Frozen.alike = broken
    try:
        return real_quote(sale, wish, earlier=earlier)
    finally:
        Frozen.alike = real


def forgets_the_past(sale: Sale, wish: Wish, *, earlier: list[EarlierRefund]) -> Quote:
    """The mistake: what went back before is not counted."""
    return real_quote(sale, wish)


def numbers(part: Part) -> list[int]:
    """The units that a part of a quote is about."""
    return [number for start, end in part.units for number in range(start, end)]


def each_wish_for_itself(sale: Sale, wish: Wish, *, earlier: list[EarlierRefund]) -> Quote:
    """The mistake: a wish does not know what the one before it in the same request was about."""
    alone = [real_quote(sale, Wish((line,)), earlier=earlier) for line in wish.lines]
    return replace(
        alone[0],
        total=sum((one.total for one in alone), Decimal(0)),
        tax=sum((one.tax for one in alone), Decimal(0)),
        parts=tuple(part for one in alone for part in one.parts),
    )


def control(broken: Quoter) -> object:
    """The same law on a broken quote must be red."""
    return pytest.param(broken, marks=pytest.mark.xfail(strict=True), id=f"negative control {broken.__name__}")


@pytest.mark.parametrize("quoter", [real_quote, control(rounds_each_unit)])
@settings(deadline=None, max_examples=50)
@given(data=st.data(), sale=sales())
def test_units_given_back_one_by_one_in_any_order_sum_to_what_was_paid(
    quoter: Quoter, data: st.DataObject, sale: Sale
) -> None:
    past: list[EarlierRefund] = []
    net = tax = Decimal(0)
    for line, unit in data.draw(st.permutations(tracking_steps(sale))):
        quoted = try_quote(quoter, sale, Wish((LineWish(line, 1, units=((unit, unit + 1),)),)), past)
        gross = quoted.total if quoted else Decimal(0)
        net, tax = (net + quoted.net, tax + quoted.tax) if quoted else (net, tax)
        past.append(EarlierRefund(gross, line=line, units=((unit, unit + 1),), quantity=1))
    assert sum(step.amount for step in past) == sum(line.cost.gross for line in sale.lines)
    assert net + tax == sum(line.cost.gross for line in sale.lines)


@settings(deadline=None, max_examples=50)
@given(data=st.data(), sale=sales())
def test_one_refund_of_everything_is_what_was_paid_and_comes_out_of_every_payment(
    data: st.DataObject, sale: Sale
) -> None:
    wish = Wish(
        tuple(LineWish(line.id, line.cost.quantity) for line in sale.lines),
        tuple(ShippingWish(charge.id) for charge in sale.shipping if charge.cost.gross),
    )
    quoted = try_quote(real_quote, sale, wish, [])
    if quoted is None:
        assert sale.total == 0
        return
    assert quoted.total == sale.total
    assert quoted.tax == sum(line.cost.tax for line in (*sale.lines, *sale.shipping))
    assert quoted.payments == tuple(payment for payment in sale.payments or () if payment.amount)
    assert as_answer(quoted) == as_answer(real_quote(sale, wish))


@settings(deadline=None, max_examples=50)
@given(data=st.data(), sale=sales())
def test_a_unit_paid_back_in_pieces_gives_its_money_and_its_tax_exactly(data: st.DataObject, sale: Sale) -> None:
    line = data.draw(st.sampled_from(sale.lines))
    share = line.cost.unit(1)
    pieces = int(share.gross / coin(sale.currency))
    past: list[EarlierRefund] = []
    tax = Decimal(0)
    while pieces:
        amount = data.draw(st.integers(1, pieces)) * coin(sale.currency)
        quoted = real_quote(sale, Wish((LineWish(line.id, 1, amount, ((1, 2),)),)), earlier=past)
        past.append(EarlierRefund(amount, line=line.id, units=((1, 2),)))
        pieces -= int(amount / coin(sale.currency))
        tax += quoted.tax
        assert quoted.total == amount
    assert not share.gross or tax == share.tax
    with pytest.raises(QuoteRefused) as refused:
        real_quote(sale, Wish((LineWish(line.id, 1, coin(sale.currency), ((1, 2),)),)), earlier=past)
    assert refused.value.code == "exceeds_refundable"


@pytest.mark.parametrize("quoter", [real_quote, control(forgets_the_past)])
@settings(deadline=None, max_examples=50)
@given(data=st.data(), sale=sales())
def test_no_sequence_of_refunds_gives_more_than_was_paid(quoter: Quoter, data: st.DataObject, sale: Sale) -> None:
    past: list[EarlierRefund] = []
    wishes = st.tuples(st.sampled_from(sale.lines), st.integers(1, 9), st.none() | st.integers(1, 9999))
    for line, quantity, coins in data.draw(st.lists(wishes, min_size=4, max_size=12)):
        amount = coins and coins * coin(sale.currency)
        try:
            quoted = quoter(sale, Wish((LineWish(line.id, quantity, amount),)), earlier=past)
        except QuoteRefused:
            continue
        assert sum(payment.amount for payment in quoted.payments) == quoted.total
        past.append(EarlierRefund(quoted.total, line=line.id, quantity=quantity))
    for line in sale.lines:
        assert sum(step.amount for step in past if step.line == line.id) <= line.cost.gross


@pytest.mark.parametrize("quoter", [real_quote, control(each_wish_for_itself)])
@settings(deadline=None, max_examples=50)
@given(data=st.data(), sale=sales())
def test_a_line_wished_twice_in_one_quote_is_the_line_wished_once(
    quoter: Quoter, data: st.DataObject, sale: Sale
) -> None:
    line = data.draw(st.sampled_from(sale.lines))
    first, second = (data.draw(st.integers(1, 9)) for _ in range(2))
    twice = Wish((LineWish(line.id, first), LineWish(line.id, second)))
    if first + second > line.cost.quantity:
        with pytest.raises(QuoteRefused) as refused:
            quoter(sale, twice, earlier=[])
        assert refused.value.code in ("exceeds_refundable", "nothing_to_refund")
        return
    once = try_quote(real_quote, sale, Wish((LineWish(line.id, first + second),)), [])
    quoted = try_quote(quoter, sale, twice, [])
    assert bool(quoted) is bool(once)
    if quoted and once:
        assert (quoted.total, quoted.tax) == (once.total, once.tax)
        assert [numbers(part) for part in quoted.parts] == [
            list(range(1, first + 1)),
            list(range(first + 1, first + second + 1)),
        ]


def test_a_line_of_eighty_thousand_units_stays_a_handful_of_runs() -> None:
    (cost,) = freeze([Priced("1", 80995, Decimal("2.08"))], currency="GBP", tax_included=True)
    sale = Sale("GBP", True, (SoldLine("1", cost),))
    past = [EarlierRefund(Decimal("2.08") * 500, line="1", quantity=500) for _ in range(20)]
    assert real_quote(sale, Wish((LineWish("1", 70995),)), earlier=past).total == Decimal("2.08") * 70995
    assert Run.__slots__
