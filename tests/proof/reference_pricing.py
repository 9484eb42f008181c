"""The rule of ``../shared/golden/README.md`` a second time, in fractions, with every unit written out.

Slow and simple on purpose, and without a line of the product: what both find is no common mistake.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

type Json = dict[str, Any]


@dataclass(frozen=True)
class Unit:
    """One unit in coins."""

    gross: int
    tax: int


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def largest_remainder(total: int, weights: list[int]) -> list[int]:
    """``total`` coins by weight; the odd ones go to the largest remainders, the earlier first."""
    whole = sum(weights)
    exact = [Fraction(total * weight, whole) if whole else Fraction(total, len(weights)) for weight in weights]
    shares = [floor(one) for one in exact]
    first = sorted(range(len(exact)), key=lambda n: (shares[n] - exact[n], n))
    for n in first[: total - sum(shares)]:
        shares[n] += 1
    return shares


def tax_on(amount: int, rate: Fraction, *, included: bool) -> int:
    return half_up(amount * rate / (1 + rate) if included else amount * rate)


def units_of(order: Json, coin: Fraction) -> dict[str, list[Unit]]:
    """Every unit of every line."""
    lines = order["lines"]
    values = [half_up(line["quantity"] * Fraction(line["unit_price"]) / coin) for line in lines]
    discounts = [0] * len(lines)
    for discount in order["discounts"]:
        covered = [
            n for n, line in enumerate(lines) if line["id"] in discount.get("lines", [one["id"] for one in lines])
        ]
        shares = largest_remainder(int(Fraction(discount["amount"]) / coin), [values[n] for n in covered])
        for n, share in zip(covered, shares, strict=True):
            discounts[n] += share
    included = order["prices_include_tax"]
    return {
        line["id"]: _units(line["quantity"], value, less, Fraction(line["tax_rate"]), included=included)
        for line, value, less in zip(lines, values, discounts, strict=True)
    }


def _units(quantity: int, value: int, discount: int, rate: Fraction, *, included: bool) -> list[Unit]:
    alike = [1] * quantity
    tax = tax_on(value - discount, rate, included=included)
    columns = (largest_remainder(total, alike) for total in (value, discount, tax))
    return [Unit(price - less + (0 if included else taxed), taxed) for price, less, taxed in zip(*columns, strict=True)]


def charge_of(charge: Json, coin: Fraction, *, included: bool) -> Unit:
    worth = int((Fraction(charge["amount"]) - Fraction(charge["discount"])) / coin)
    tax = tax_on(worth, Fraction(charge["tax_rate"]), included=included)
    return Unit(worth if included else worth + tax, tax)


def total_and_tax(request: Json, coin: Fraction) -> tuple[int, int]:
    """For a wish of whole units, whole charges and fees by rate, nothing having gone back before."""
    order, included = request["order"], request["order"]["prices_include_tax"]
    units = units_of(order, coin)
    rates = {line["id"]: Fraction(line["tax_rate"]) for line in order["lines"]}
    goods = [(rates[wish["id"]], _taken(units[wish["id"]], wish, request["units"])) for wish in request["lines"]]
    charges = {charge["id"]: charge for charge in order["shipping"]}
    freight = [
        (Fraction(charges[wish["id"]]["tax_rate"]), [charge_of(charges[wish["id"]], coin, included=included)])
        for wish in request["shipping"]
    ]
    gross = sum(unit.gross for _rate, taken in goods + freight for unit in taken)
    tax = sum(unit.tax for _rate, taken in goods + freight for unit in taken)
    for fee in request["fees"]:
        for rate, taken in goods or freight:
            kept = half_up(sum(unit.gross for unit in taken) * Fraction(fee["rate"]))
            own = Fraction(fee["tax_rate"]) if "tax_rate" in fee else rate
            gross, tax = gross - kept, tax - tax_on(kept, own, included=True)
    return gross, tax


def _taken(units: list[Unit], wish: Json, named: Json) -> list[Unit]:
    return [units[n - 1] for n in named.get(wish["id"], range(1, wish["quantity"] + 1))]
