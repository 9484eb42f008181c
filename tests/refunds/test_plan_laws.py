"""Laws of every plan, whatever was bought, reduced, asked for and paid back before."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refunds.money import QuoteRefused
from refunds.pricing.breakdown import money_of
from refunds.pricing.queries import plan_in_force
from refunds.pricing.quote_input import bought_numbers, cost_of_units
from returns.intake.actions import Wish, open_case
from returns.models import Case
from signoff.models import Order, Payment
from signoff.money import Priced, Reduction, coin, freeze
from tests.factories import OrderFactory, ReasonFactory
from tests.steps.plans import draft_items, make_tier, propose_plan

pytestmark = pytest.mark.django_db


def bought(quantity: int, price: int, discount: int, rate: Decimal, currency: str, *, included: bool) -> Order:
    """An order of one line whose prices are given in coins."""
    unit = coin(currency)
    worth = quantity * price
    order = OrderFactory(currency=currency, prices_include_tax=included, lines=[(quantity, str(price * unit))])
    [cost] = freeze(
        [Priced("1", quantity, price * unit, rate)],
        [Reduction(min(discount, worth) * unit)],
        currency=currency,
        tax_included=included,
    )
    order.lines.update(
        tax_rate=rate, list_total=cost.list_total, discount=cost.discount, tax=cost.tax, gross=cost.gross
    )
    Payment.objects.filter(order=order).update(captured=cost.gross)
    return order


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.tuples(st.integers(1, 3), st.none() | st.integers(1, 3000)), min_size=1, max_size=4),
    price=st.integers(1, 5000),
    discount=st.integers(0, 5000),
    rate=st.sampled_from(["0", "0.05", "0.19", "0.2"]),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    included=st.booleans(),
)
def test_plans_add_up_and_never_exceed_what_is_left(
    db: None, parts: list[tuple[int, int | None]], price: int, discount: int, rate: str, currency: str, included: bool
) -> None:
    """The units of a line are refunded in several cases, in full or by an amount in coins."""
    quantity = sum(units for units, _amount in parts)
    order = bought(quantity, price, discount, Decimal(rate), currency, included=included)
    totals = [settled(order, units, amount and amount * coin(currency)) for units, amount in parts]
    line = order.lines.get()
    assert line.refunded == sum(totals) <= line.gross
    assert order.payments.get().refunded == line.refunded
    if all(amount is None for _units, amount in parts):
        assert line.refunded == line.gross


def settled(order: Order, units: int, amount: Decimal | None) -> Decimal:
    """What a case about ``units`` more units gave back; nothing where its plan was rightly refused."""
    wish = Wish(order.lines.get(), units, ReasonFactory(shop=order.shop), "refund")
    case = open_case(order, [wish], by=None, channel=Case.Channel.PORTAL)
    if not case.shop.tiers.exists():
        make_tier(case, "0", 0)
    line = case.lines.get()
    worth = cost_of_units(line.order_line, line.units, order).gross
    try:
        case = propose_plan(case, items=draft_items(case, amount=amount), goods_come_back=False)
    except QuoteRefused:
        assert not worth or (amount is not None and amount > worth)
        return Decimal(0)
    plan = plan_in_force(case)
    items, shown = plan.items.all(), money_of(plan)
    assert plan.total == sum(item.gross for item in items) == sum(row.amount for row in shown.rows) == shown.total
    assert [item.units for item in items] == [line.units]
    assert plan.total == (worth if amount is None else amount) <= worth
    return plan.total


@given(sizes=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=5), data=st.data())
def test_held_units_keep_their_numbers(sizes: list[tuple[int, int]], data: st.DataObject) -> None:
    held, at = [], 1
    for gap, size in sizes:
        held.append((at + gap, at + gap + size))
        at += gap + size
    numbers = [number for first, end in held for number in range(first, end)]
    first = data.draw(st.integers(1, len(numbers)))
    end = data.draw(st.integers(first + 1, len(numbers) + 1))
    found = bought_numbers([(first, end)], held)
    assert [number for start, stop in found for number in range(start, stop)] == numbers[first - 1 : end - 1]
