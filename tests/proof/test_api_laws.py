"""Laws of money for any order as a program sends it: read from JSON, answered as JSON, only the texts compared.

``tests/refunds/test_money_laws.py`` has the laws of the calculator's own values; here discounts cover some
lines, prices are finer than a coin, shipping has its own tax and discount, and every answer is added up again.
"""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from refunds.money import QuoteRefused, as_answer, from_request, quote
from signoff.money import coin, whole_coins
from tests.proof.order_strategies import amount, orders, pieces, whole_wishes, wishes
from tests.proof.reference_pricing import total_and_tax
from tests.steps.quote_api import new_token, post_quote

type Json = dict[str, Any]
type Quoter = Callable[[Json], Json]
type Law = Callable[[Quoter, st.DataObject], None]


def real(request: Json) -> Json:
    """The answer as text and back; a refusal is {code}."""
    try:
        sale, wish, before = from_request(json.loads(json.dumps(request)))
        return json.loads(json.dumps(as_answer(quote(sale, wish, earlier=before))))
    except QuoteRefused as refused:
        return {"code": refused.code.value}


def rounds_each_unit(request: Json) -> Json:
    """The mistake: a unit is its line divided and rounded for itself."""
    answer, (wish, *_more) = real(request), request["lines"] or [None]
    if "total" not in answer or not wish or wish["quantity"] != 1:
        return answer
    quantity = next(line["quantity"] for line in request["order"]["lines"] if line["id"] == wish["id"])
    whole = real({**request, "lines": [{**wish, "quantity": quantity}], "units": {}})
    each = (Decimal(whole["total"]) / quantity).quantize(coin(answer["currency"]))
    return answer | {"total": str(each)}


def rounds_net_too(request: Json) -> Json:
    """The mistake: net is a sum of rounded parts of its own, here one coin more."""
    answer = real(request)
    if "total" in answer and Decimal(answer["tax"]):
        return answer | {"net": str(Decimal(answer["net"]) + coin(answer["currency"]))}
    return answer


def forgets_the_past(request: Json) -> Json:
    """The mistake: what went back before is not counted."""
    return real({**request, "already_refunded": []})


def rounds_the_first_up(request: Json) -> Json:
    """The mistake: the first refund is rounded up to a handsome amount."""
    answer = real(request)
    if "total" in answer and not request.get("already_refunded"):
        step = 10 * coin(answer["currency"])
        return answer | {"total": str(-(-Decimal(answer["total"]) // step) * step)}
    return answer


def counts_its_answers(request: Json, asked: Iterator[int] = iter(range(10**9))) -> Json:  # noqa: B008
    """The mistake: an explanation that depends on what was asked before."""
    answer = real(request)
    return answer | {"parts": [{**part, "why": f"{part['why']} {next(asked)}"} for part in answer.get("parts", ())]}


def total_of(answer: Json) -> Decimal:
    return Decimal(answer.get("total", "0"))


def each_alone(order: Json) -> Iterator[Json]:
    """A request for every single unit and every charge."""
    for line in order["lines"]:
        for unit in range(1, line["quantity"] + 1):
            yield asks(order, lines=[{"id": line["id"], "quantity": 1}], units={line["id"]: [unit]})
    for charge in order["shipping"]:
        yield asks(order, shipping=[{"id": charge["id"]}])


def everything(order: Json) -> Json:
    """All units of all lines, and the shipping that cost something."""
    charged = [charge["id"] for charge in order["shipping"] if charge["amount"] != charge["discount"]]
    lines = [{"id": line["id"], "quantity": line["quantity"]} for line in order["lines"]]
    return asks(order, lines=lines, shipping=[{"id": name} for name in charged])


def asks(order: Json, **wish: Any) -> Json:
    return {"order": order, "remedy": "refund", "lines": [], **wish}


def units_are_what_was_paid(quoter: Quoter, data: st.DataObject) -> None:
    """Σ units and charges, each asked for alone, is what one refund of everything gives."""
    order = data.draw(orders())
    assert sum(map(total_of, map(quoter, each_alone(order)))) == total_of(quoter(everything(order)))


def answers_add_up(quoter: Quoter, data: st.DataObject) -> None:
    """total = net + tax = Σ parts = Σ payments, each part its own net + tax, all in whole coins; fees included."""
    order = data.draw(orders())
    paid = total_of(real(everything(order)))
    share = data.draw(st.integers(0, whole_coins(paid, order["currency"]))) * coin(order["currency"])
    order["payments"] = [
        {"id": "p1", "method": "gift_card", "amount": str(share)},
        {"id": "p2", "method": "card", "amount": str(paid - share)},
    ]
    answer = quoter(asks(order, **data.draw(wishes(order))))
    if "code" in answer:
        return
    for name, column in (("total", "gross"), ("net", "net"), ("tax", "tax")):
        assert Decimal(answer[name]) == sum(Decimal(part[column]) for part in answer["parts"])
        whole_coins(Decimal(answer[name]), answer["currency"])
    for row in [answer | {"gross": answer["total"]}, *answer["parts"]]:
        assert Decimal(row["gross"]) == Decimal(row["net"]) + Decimal(row["tax"])
    assert sum(Decimal(payment["amount"]) for payment in answer["payments"]) == Decimal(answer["total"]) <= paid


def never_more_than_is_left(quoter: Quoter, data: st.DataObject) -> None:
    """Whatever is asked one after the other: no line, no charge, not the order gives more than was paid for it."""
    order, past = data.draw(orders()), []
    for wish in data.draw(st.lists(wishes(order, fees=False), max_size=8)):
        for part in quoter(asks(order, already_refunded=past, **wish)).get("parts", ()):
            named = {key: part[key] for key in ("line", "shipping", "quantity") if key in part}
            past = [*past, {**named, "amount": part["gross"]}]
    for alone in [*order["lines"], *order["shipping"]]:
        key = "line" if "quantity" in alone else "shipping"
        given_back = sum(Decimal(one["amount"]) for one in past if one.get(key) == alone["id"])
        all_of_it = {"lines": [{"id": alone["id"], "quantity": alone["quantity"]}]} if key == "line" else {}
        whole = asks(order, **(all_of_it or {"shipping": [{"id": alone["id"]}]}))
        assert given_back <= total_of(real(whole))


def the_order_of_refunds_does_not_matter(quoter: Quoter, data: st.DataObject) -> None:
    """The same pieces (units, parts of units, charges) in two orders: the same total, net and tax, and nothing left."""
    order = data.draw(orders())
    parts = data.draw(pieces(order, worth=lambda request: total_of(real(asks(order, **request)))))
    one, other = (sums(quoter, order, data.draw(st.permutations(parts))) for _ in range(2))
    assert one == other
    assert one[0] == total_of(real(everything(order)))


def sums(quoter: Quoter, order: Json, parts: list[tuple[Json, Json]]) -> tuple[Decimal, ...]:
    """Total, net and tax of the pieces given back one after the other."""
    past: list[Json] = []
    found = [Decimal(0)] * 3
    for wish, name in parts:
        answer = quoter(asks(order, already_refunded=past, **wish))
        found = [
            so_far + Decimal(answer.get(key, "0")) for so_far, key in zip(found, ("total", "net", "tax"), strict=True)
        ]
        past = [*past, {**name, "amount": answer.get("total", amount(0, order["currency"]))}]
    return tuple(found)


def the_same_is_explained_the_same(quoter: Quoter, data: st.DataObject) -> None:
    order = data.draw(orders())
    request = asks(order, **data.draw(wishes(order)))
    assert json.dumps(quoter(request)) == json.dumps(quoter(request))


def another_calculator_finds_the_same(quoter: Quoter, data: st.DataObject) -> None:
    """Whole units, by name or in their order, whole charges, fees by rate: as when every unit is written out."""
    order = data.draw(orders())
    request = asks(order, **data.draw(whole_wishes(order)))
    answer, smallest = quoter(request), Fraction(coin(order["currency"]))
    total, tax = total_and_tax(request, smallest)
    if "code" in answer:
        assert total <= 0, answer
    else:
        assert (Fraction(answer["total"]), Fraction(answer["tax"])) == (total * smallest, tax * smallest)


LAWS: list[tuple[Law, Quoter]] = [
    (units_are_what_was_paid, rounds_each_unit),
    (another_calculator_finds_the_same, rounds_each_unit),
    (answers_add_up, rounds_net_too),
    (never_more_than_is_left, forgets_the_past),
    (the_order_of_refunds_does_not_matter, rounds_the_first_up),
    (the_same_is_explained_the_same, counts_its_answers),
]


def hold(law: Law, quoter: Quoter, examples: int, *, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    """Try the law on so many orders."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def every(data: st.DataObject) -> None:
        law(quoter, data)

    every()


@pytest.mark.parametrize("law", [law for law, _mistake in LAWS], ids=lambda law: law.__name__)
def test_the_law_holds_for_any_order(law: Law, size: Any, figure: Any) -> None:
    examples = size(40, 500)
    hold(law, real, examples)
    figure("Money", law.__name__.replace("_", " "), examples, "orders, 0 exceptions")


@pytest.mark.parametrize(("law", "mistake"), LAWS, ids=lambda one: one.__name__)
def test_negative_control_the_law_finds_the_mistake(law: Law, mistake: Quoter) -> None:
    with pytest.raises(AssertionError):
        hold(law, mistake, 300, phases=(Phase.generate,))


@pytest.mark.django_db
def test_over_http_the_answer_is_the_same(client: Client, size: Any) -> None:
    token = new_token()

    def is_told(quoter: Quoter, data: st.DataObject) -> None:
        order = data.draw(orders())
        request = asks(order, **data.draw(wishes(order)))
        told, expected = post_quote(client, token, request).json(), quoter(request)
        told.pop("detail", None)
        assert told == expected

    hold(is_told, real, size(25, 250))
