"""Reads a quote request with the order inside it. Nothing is trusted: every refusal is a ``QuoteRefused``."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from refunds.money import parse
from refunds.money.inputs import (
    Code,
    FeeWish,
    Given,
    LineWish,
    QuoteRefused,
    Sale,
    ShippingWish,
    SoldLine,
    Tender,
    Wish,
)
from refunds.money.parse import Json
from signoff.money import CannotFreeze, Priced, Reduction, freeze, freeze_amount

#: as a shopper's wish and a plan call them; only the first two give money
REMEDIES = ("refund", "compensation", "exchange", "repair", "resend")
PAYS = REMEDIES[:2]
ORDER, MONEY = Code.INVALID_ORDER, Code.INVALID_AMOUNT


def from_request(body: object) -> tuple[Sale, Wish, tuple[Given, ...]]:
    """The arguments of ``quote`` from the JSON body of POST /api/v1/quotes that has the order in it."""
    request = parse.mapping(body, "")
    sale = _sale(parse.mapping(request.get("order"), "order"))
    return sale, *asked(request, sale)


def number_of_order(body: object) -> str | None:
    """The number of a stored order: where ``order`` says nothing but its ``number``."""
    request = parse.mapping(body, "")
    order = parse.mapping(request.get("order"), "order")
    return parse.name(order, "number") if order.keys() == {"number"} else None


def asked(body: object, sale: Sale) -> tuple[Wish, tuple[Given, ...]]:
    """What the request wishes of ``sale``, and what it says went back before."""
    request = parse.mapping(body, "")
    given = tuple(_given(row, sale.currency) for row in parse.rows(request, "already_refunded"))
    return _wish(request, known={line.id for line in sale.lines}), given


def _sale(order: Json) -> Sale:
    parse.moment(order, "placed_at")
    parse.text(order, "country", default="")
    currency = parse.currency(order)
    tax_included = parse.flag(order, "prices_include_tax")
    payments = parse.rows(order, "payments")
    try:
        lines = _lines(order, currency, tax_included)
        shipping = tuple(_charge(row, currency, tax_included) for row in parse.rows(order, "shipping"))
    except CannotFreeze as contradiction:
        raise QuoteRefused(ORDER, str(contradiction)) from contradiction
    if not lines and not shipping:
        raise QuoteRefused(ORDER, _("The order has no lines. Send the lines that were sold."))
    _all_different(lines, "lines")
    _all_different(shipping, "shipping")
    tenders = tuple(Tender(parse.name(row), parse.coins(row, "amount", currency, code=ORDER)) for row in payments)
    _all_different(tenders, "payments")
    return Sale(currency, tax_included, lines, shipping, tenders or None)


def _lines(order: Json, currency: str, tax_included: bool) -> tuple[SoldLine, ...]:
    priced = [
        Priced(
            id=parse.name(row),
            quantity=parse.count(row, "quantity", least=1, code=ORDER),
            unit_price=parse.amount(row, "unit_price", code=ORDER),
            tax_rate=parse.rate(row, "tax_rate", code=ORDER),
        )
        for row in parse.rows(order, "lines")
    ]
    if any(line.quantity * line.unit_price >= parse.TOO_MUCH for line in priced):
        raise QuoteRefused(ORDER, _("A line of the order is worth too much to be true."))
    names = {line.id for line in priced}
    reductions = [_reduction(row, names, currency) for row in parse.rows(order, "discounts")]
    if sum(reduction.lines is None for reduction in reductions) > parse.MOST_CODES:
        raise QuoteRefused(
            ORDER,
            _("At most %(most)d of “order.discounts” may cover all lines. Name the lines that each covers.")
            % {"most": parse.MOST_CODES},
        )
    frozen = freeze(priced, reductions, currency=currency, tax_included=tax_included)
    return tuple(SoldLine(line.id, cost, line.tax_rate) for line, cost in zip(priced, frozen, strict=True))


def _reduction(row: Json, names: set[str], currency: str) -> Reduction:
    amount = parse.coins(row, "amount", currency, code=ORDER)
    if row.get("lines") is None:
        return Reduction(amount)
    covered = frozenset(parse.names(row, "lines"))
    if covered - names:
        raise QuoteRefused(
            ORDER, _("“%(where)s” names a line that the order does not have.") % {"where": row.place("lines")}
        )
    return Reduction(amount, covered)


def _charge(row: Json, currency: str, tax_included: bool) -> SoldLine:
    rate = parse.rate(row, "tax_rate", code=ORDER)
    cost = freeze_amount(
        parse.coins(row, "amount", currency, code=ORDER),
        parse.coins(row, "discount", currency, code=ORDER, default="0"),
        quantity=1,
        tax_rate=rate,
        currency=currency,
        tax_included=tax_included,
    )
    return SoldLine(parse.name(row), cost, rate)


def _wish(request: Json, *, known: set[str]) -> Wish:
    remedy = parse.choice(request, "remedy", REMEDIES)
    units = parse.mapping({} if request.get("units") is None else request["units"], "units")
    lines = tuple(_line_wish(row, units) for row in parse.rows(request, "lines"))
    shipping = tuple(
        ShippingWish(parse.name(row), parse.optional(row, "amount", code=MONEY))
        for row in parse.rows(request, "shipping")
    )
    fees = tuple(_fee(row) for row in parse.rows(request, "fees", most=parse.MOST_FEES))
    if set(units) - known:
        raise QuoteRefused(Code.UNKNOWN_LINE, _("“units” names a line that the order does not have."))
    if remedy not in PAYS:
        raise QuoteRefused(
            Code.NOTHING_TO_REFUND,
            _("“%(remedy)s” gives no money back. Ask for a refund or a compensation.") % {"remedy": remedy},
        )
    return Wish(lines, shipping, fees, remedy)


def _line_wish(row: Json, units: Json) -> LineWish:
    name = parse.name(row)
    return LineWish(
        id=name,
        quantity=parse.count(row, "quantity", least=0, code=MONEY),
        amount=parse.optional(row, "amount", code=MONEY),
        units=tuple(parse.spans(units, name)) if units.get(name) is not None else None,
    )


def _fee(row: Json) -> FeeWish:
    return FeeWish(
        kind=parse.text(row, "kind"),
        rate=None if row.get("rate") is None else parse.rate(row, "rate", code=MONEY),
        amount=parse.optional(row, "amount", code=MONEY),
        tax_rate=None if row.get("tax_rate") is None else parse.rate(row, "tax_rate", code=MONEY),
    )


def _given(row: Json, currency: str) -> Given:
    if (row.get("line") is None) == (row.get("shipping") is None):
        raise QuoteRefused(ORDER, _("“already_refunded” names either a line or a shipping charge."))
    return Given(
        amount=parse.coins(row, "amount", currency, code=MONEY),
        line=None if row.get("line") is None else parse.name(row, "line"),
        shipping=None if row.get("shipping") is None else parse.name(row, "shipping"),
        units=None if row.get("unit") is None else (parse.span(row, "unit"),),
        quantity=None if row.get("quantity") is None else parse.count(row, "quantity", least=0, code=MONEY),
    )


def _all_different(rows: Sequence[SoldLine] | Sequence[Tender], where: str) -> None:
    if len({row.id for row in rows}) != len(rows):
        raise QuoteRefused(ORDER, _("Two entries of “%(where)s” have the same id.") % {"where": where})
