"""Hypothesis strategies: an order as a request writes it, and wishes about it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from signoff.money import coin, whole_coins

type Json = dict[str, Any]
RATES = st.sampled_from(["0", "0.05", "0.07", "0.1", "0.19", "0.2", "0.23", "0.255", "1"])
CURRENCIES = ["EUR", "GBP", "CNY", "BRL", "JPY", "KRW", "KWD", "TND", "RSD"]


def amount(coins: int, currency: str) -> str:
    return str(coins * coin(currency))


@st.composite
def orders(draw: st.DrawFn) -> Json:
    """Lines with fine prices, discounts on all or some lines, several shipping charges; paid by up to three ways."""
    currency, fine = draw(st.sampled_from(CURRENCIES)), draw(st.booleans())
    prices = (
        st.decimals(0, 200, places=4).map(str) if fine else st.integers(0, 20000).map(lambda n: amount(n, currency))
    )
    shapes = draw(st.lists(st.tuples(st.integers(1, 7), prices, RATES), min_size=1, max_size=4))
    lines = [
        {"id": str(n), "sku": f"S{n}", "title": f"T{n}", "quantity": quantity, "unit_price": price, "tax_rate": rate}
        for n, (quantity, price, rate) in enumerate(shapes, start=1)
    ]
    order = {
        "number": "P-1",
        "placed_at": "2026-03-01T10:00:00Z",
        "currency": currency,
        "country": "DE",
        "prices_include_tax": draw(st.booleans()),
        "lines": lines,
        "discounts": draw(_discounts(lines, currency)),
        "shipping": draw(st.lists(_shipping(currency), max_size=2)),
    }
    for n, charge in enumerate(order["shipping"], start=1):
        charge["id"] = f"s{n}"
    return order


@st.composite
def _discounts(draw: st.DrawFn, lines: list[Json], currency: str) -> list[Json]:
    """At most two, which together never exceed what the cheapest covered line is worth."""
    worth = min(int(line["quantity"] * Decimal(line["unit_price"]) / coin(currency)) for line in lines)
    found = []
    for code in draw(st.lists(st.sampled_from(["SPRING", "FRIEND"]), max_size=2, unique=True)):
        covered = draw(st.none() | st.lists(st.sampled_from([line["id"] for line in lines]), min_size=1, unique=True))
        reduction = {"code": code, "amount": amount(draw(st.integers(0, worth // 2)), currency)}
        found.append(reduction if covered is None else reduction | {"lines": covered})
    return found


@st.composite
def _shipping(draw: st.DrawFn, currency: str) -> Json:
    gross = draw(st.integers(0, 3000))
    discount = draw(st.integers(0, gross))
    return {"amount": amount(gross, currency), "tax_rate": draw(RATES), "discount": amount(discount, currency)}


@st.composite
def wishes(draw: st.DrawFn, order: Json, *, fees: bool = True) -> Json:
    """Some lines and charges, whole or an amount, maybe more than is left; maybe with fees."""
    lines = [
        {"id": line["id"], "quantity": draw(st.integers(0, line["quantity"] + 1)), **draw(_part(order))}
        for line in draw(st.lists(st.sampled_from(order["lines"]), max_size=3))
    ]
    names = [charge["id"] for charge in order["shipping"]]
    charges = draw(st.lists(st.sampled_from(names), max_size=2)) if names else []
    shipping = [{"id": name, **draw(_part(order))} for name in charges]
    return {"lines": lines, "shipping": shipping, "fees": draw(st.lists(_fee(order), max_size=2)) if fees else []}


@st.composite
def _part(draw: st.DrawFn, order: Json) -> Json:
    coins = draw(st.none() | st.integers(1, 5000))
    return {} if coins is None else {"amount": amount(coins, order["currency"])}


@st.composite
def _fee(draw: st.DrawFn, order: Json) -> Json:
    size = {"rate": draw(st.sampled_from(["0.05", "0.125", "0.15", "0.2"]))}
    if draw(st.booleans()):
        size = {"amount": amount(draw(st.integers(0, 300)), order["currency"])}
    return {"kind": "restocking", **size, **({"tax_rate": draw(RATES)} if draw(st.booleans()) else {})}


@st.composite
def whole_wishes(draw: st.DrawFn, order: Json) -> Json:
    """Units of different lines, some of them by name, whole charges, and fees by rate."""
    lines, named = [], {}
    for line in draw(st.lists(st.sampled_from(order["lines"]), unique_by=lambda line: line["id"], max_size=4)):
        chosen = draw(st.lists(st.integers(1, line["quantity"]), unique=True, min_size=1))
        lines.append({"id": line["id"], "quantity": len(chosen)})
        if draw(st.booleans()):
            named[line["id"]] = chosen
    charged = [charge["id"] for charge in order["shipping"] if charge["amount"] != charge["discount"]]
    shipping = draw(st.lists(st.sampled_from(charged), unique=True)) if charged else []
    rate = st.fixed_dictionaries(
        {"kind": st.just("restocking"), "rate": st.sampled_from(["0.05", "0.125", "0.15"])},
        optional={"tax_rate": RATES},
    )
    fees = draw(st.lists(rate, max_size=2)) if lines or shipping else []
    return {"lines": lines, "units": named, "shipping": [{"id": name} for name in shipping], "fees": fees}


@st.composite
def pieces(draw: st.DrawFn, order: Json, *, worth: Callable[[Json], Decimal]) -> list[tuple[Json, Json]]:
    """The whole order cut up: for each piece the wish, and how ``already_refunded`` names it afterwards.

    Every unit and every charge is one piece, or two of which the first is an amount.
    """
    found: list[tuple[Json, Json]] = []
    for line in order["lines"]:
        for unit in range(1, line["quantity"] + 1):
            named = {"units": {line["id"]: [unit]}}
            wish = {"id": line["id"], "quantity": 1}
            left = whole_coins(worth({"lines": [wish], **named}), order["currency"])
            parts = _cut(left, draw(st.integers(0, left)), order["currency"])
            found += [({"lines": [wish | part], **named}, {"line": line["id"], "unit": unit}) for part in parts]
    for charge in order["shipping"]:
        left = whole_coins(worth({"shipping": [{"id": charge["id"]}]}), order["currency"])
        parts = _cut(left, draw(st.integers(0, left)), order["currency"])
        found += [({"shipping": [{"id": charge["id"]} | part]}, {"shipping": charge["id"]}) for part in parts]
    return found


def _cut(whole: int, first: int, currency: str) -> list[Json]:
    """Two amounts, or the whole without naming one."""
    if first in (0, whole):
        return [{}]
    return [{"amount": amount(first, currency)}, {"amount": amount(whole - first, currency)}]
