"""The units a case holds of an order line, seen as a line of their own that is numbered from 1.

Shares are handed out to the earlier units first, so the held units, in their order, cost exactly what a
line with their totals would: ``refunds.money`` needs no unit numbers, however many units there are.
Pure: works on frozen totals and ranges.
"""

from functools import partial

from returns.models.units import Units, count
from signoff.models import Order, OrderLine, ShippingCharge
from signoff.shares import Frozen, sum_of_units, to_coin


def cost_of_units(line: OrderLine, units: Units, order: Order) -> Frozen:
    """What ``units`` of ``line`` cost, as the totals of a line of their own."""
    share = partial(sum_of_units, quantity=line.quantity, units=units, currency=order.currency)
    return Frozen(
        quantity=count(units),
        currency=order.currency,
        list_total=share(line.list_total),
        discount=share(line.discount),
        tax=share(line.tax),
        tax_included=order.prices_include_tax,
    )


def cost_of_shipping(charge: ShippingCharge, order: Order) -> Frozen:
    """A shipping charge as the totals of a line of one unit; columns have three decimals whatever the currency."""
    amounts = (to_coin(amount, order.currency) for amount in (charge.amount, charge.discount, charge.tax))
    return Frozen(1, order.currency, *amounts, order.prices_include_tax)


def bought_numbers(spans: Units, held: Units) -> list[tuple[int, int]]:
    """The order line's numbers of units that are ``spans`` among those ``held``: 1 is the first one held."""
    found, passed = [], 1
    for first, end in sorted(held):
        for start, stop in spans:
            low, high = max(start, passed), min(stop, passed + end - first)
            if low < high:
                found.append((first + low - passed, first + high - passed))
        passed += end - first
    return found
