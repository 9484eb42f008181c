"""Reads a quote request with the order inside it. Nothing is trusted: every refusal is a ``QuoteRefused``."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from refunds.money import fields
from refunds.money.fields import Json
from refunds.money.terms import (
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
from signoff.shares import CannotFreeze, Priced, Reduction, freeze, freeze_amount

#: as a shopper's wish and a plan call them; only the first two give money
REMEDIES = ("refund", "compensation", "exchange", "repair", "resend")
PAYS = REMEDIES[:2]
ORDER, MONEY = Code.INVALID_ORDER, Code.INVALID_AMOUNT


def from_request(body: object) -> tuple[Sale, Wish, tuple[Given, ...]]:
    """The arguments of ``quote`` from the JSON body of POST /api/v1/quotes that has the order in it."""
    request = fields.mapping(body, "")
    sale = _sale(fields.mapping(request.get("order"), "order"))
    return sale, *asked(request, sale)


def number_of_order(body: object) -> str | None:
    """The number of a stored order: where ``order`` says nothing but its ``number``."""
    request = fields.mapping(body, "")
    order = fields.mapping(request.get("order"), "order")
    return fields.name(order, "number") if order.keys() == {"number"} else None


def asked(body: object, sale: Sale) -> tuple[Wish, tuple[Given, ...]]:
    """What the request wishes of ``sale``, and what it says went back before."""
    request = fields.mapping(body, "")
    given = tuple(_given(row, sale.currency) for row in fields.rows(request, "already_refunded"))
    return _wish(request, known={line.id for line in sale.lines}), given


def _sale(order: Json) -> Sale:
    fields.moment(order, "placed_at")
    fields.text(order, "country", default="")
    currency = fields.currency(order)
    tax_included = fields.flag(order, "prices_include_tax")
    payments = fields.rows(order, "payments")
    try:
        lines = _lines(order, currency, tax_included)
        shipping = tuple(_charge(row, currency, tax_included) for row in fields.rows(order, "shipping"))
    except CannotFreeze as contradiction:
        raise QuoteRefused(ORDER, str(contradiction)) from contradiction
    if not lines and not shipping:
        raise QuoteRefused(ORDER, _("The order has no lines. Send the lines that were sold."))
    _all_different(lines, "lines")
    _all_different(shipping, "shipping")
    tenders = tuple(Tender(fields.name(row), fields.coins(row, "amount", currency, code=ORDER)) for row in payments)
    _all_different(tenders, "payments")
    return Sale(currency, tax_included, lines, shipping, tenders or None)


def _lines(order: Json, currency: str, tax_included: bool) -> tuple[SoldLine, ...]:
    priced = [
        Priced(
            id=fields.name(row),
            quantity=fields.count(row, "quantity", least=1, code=ORDER),
            unit_price=fields.amount(row, "unit_price", code=ORDER),
            tax_rate=fields.rate(row, "tax_rate", code=ORDER),
        )
        for row in fields.rows(order, "lines")
    ]
    if any(line.quantity * line.unit_price >= fields.TOO_MUCH for line in priced):
        raise QuoteRefused(ORDER, _("A line of the order is worth too much to be true."))
    names = {line.id for line in priced}
    reductions = [_reduction(row, names, currency) for row in fields.rows(order, "discounts")]
    if sum(reduction.lines is None for reduction in reductions) > fields.MOST_CODES:
        raise QuoteRefused(
            ORDER,
            _("At most %(most)d of “order.discounts” may cover all lines. Name the lines that each covers.")
            % {"most": fields.MOST_CODES},
        )
    frozen = freeze(priced, reductions, currency=currency, tax_included=tax_included)
    return tuple(SoldLine(line.id, cost, line.tax_rate) for line, cost in zip(priced, frozen, strict=True))


def _reduction(row: Json, names: set[str], currency: str) -> Reduction:
    amount = fields.coins(row, "amount", currency, code=ORDER)
    if row.get("lines") is None:
        return Reduction(amount)
    covered = frozenset(fields.names(row, "lines"))
    if covered - names:
        raise QuoteRefused(
            ORDER, _("“%(where)s” names a line that the order does not have.") % {"where": row.place("lines")}
        )
    return Reduction(amount, covered)


def _charge(row: Json, currency: str, tax_included: bool) -> SoldLine:
    rate = fields.rate(row, "tax_rate", code=ORDER)
    cost = freeze_amount(
        fields.coins(row, "amount", currency, code=ORDER),
        fields.coins(row, "discount", currency, code=ORDER, default="0"),
        quantity=1,
        tax_rate=rate,
        currency=currency,
        tax_included=tax_included,
    )
    return SoldLine(fields.name(row), cost, rate)


def _wish(request: Json, *, known: set[str]) -> Wish:
    remedy = fields.choice(request, "remedy", REMEDIES)
    units = fields.mapping({} if request.get("units") is None else request["units"], "units")
    lines = tuple(_line_wish(row, units) for row in fields.rows(request, "lines"))
    shipping = tuple(
        ShippingWish(fields.name(row), fields.optional(row, "amount", code=MONEY))
        for row in fields.rows(request, "shipping")
    )
    fees = tuple(_fee(row) for row in fields.rows(request, "fees", most=fields.MOST_FEES))
    if set(units) - known:
        raise QuoteRefused(Code.UNKNOWN_LINE, _("“units” names a line that the order does not have."))
    if remedy not in PAYS:
        raise QuoteRefused(
            Code.NOTHING_TO_REFUND,
            _("“%(remedy)s” gives no money back. Ask for a refund or a compensation.") % {"remedy": remedy},
        )
    return Wish(lines, shipping, fees, remedy)


def _line_wish(row: Json, units: Json) -> LineWish:
    name = fields.name(row)
    return LineWish(
        id=name,
        quantity=fields.count(row, "quantity", least=0, code=MONEY),
        amount=fields.optional(row, "amount", code=MONEY),
        units=tuple(fields.spans(units, name)) if units.get(name) is not None else None,
    )


def _fee(row: Json) -> FeeWish:
    return FeeWish(
        kind=fields.text(row, "kind"),
        rate=None if row.get("rate") is None else fields.rate(row, "rate", code=MONEY),
        amount=fields.optional(row, "amount", code=MONEY),
        tax_rate=None if row.get("tax_rate") is None else fields.rate(row, "tax_rate", code=MONEY),
    )


def _given(row: Json, currency: str) -> Given:
    if (row.get("line") is None) == (row.get("shipping") is None):
        raise QuoteRefused(ORDER, _("“already_refunded” names either a line or a shipping charge."))
    return Given(
        amount=fields.coins(row, "amount", currency, code=MONEY),
        line=None if row.get("line") is None else fields.name(row, "line"),
        shipping=None if row.get("shipping") is None else fields.name(row, "shipping"),
        units=None if row.get("unit") is None else (fields.span(row, "unit"),),
        quantity=None if row.get("quantity") is None else fields.count(row, "quantity", least=0, code=MONEY),
    )


def _all_different(rows: Sequence[SoldLine] | Sequence[Tender], where: str) -> None:
    if len({row.id for row in rows}) != len(rows):
        raise QuoteRefused(ORDER, _("Two entries of “%(where)s” have the same id.") % {"where": where})
