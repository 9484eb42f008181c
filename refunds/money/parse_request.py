"""Parse the body of POST /api/v1/quotes with one pydantic model into the arguments of ``quote``.

All input is checked: every error is a ``QuoteRefused``. The OpenAPI page describes the same model.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from refunds.money.inputs import (
    Code,
    EarlierRefund,
    FeeWish,
    LineWish,
    QuoteRefused,
    Sale,
    ShippingWish,
    SoldLine,
    Tender,
    Wish,
)
from refunds.money.parse import (
    AMOUNTS,
    SENTENCES,
    TOO_MUCH,
    Amount,
    Count,
    Currency,
    Fees,
    Flag,
    Id,
    JsonObject,
    Moment,
    Names,
    Numbers,
    Rate,
    Remedy,
    Rows,
    Text,
    Unit,
    an_object,
    more_specific,
)
from signoff.money import CannotFreeze, Priced, Reduction, freeze, freeze_amount, whole_coins

PAYS = ("refund", "compensation")
MAX_CODES = 50
SENT, STORED = "an order", "a number"  # tags of the two kinds of order in the model
ORDER, MONEY = Code.INVALID_ORDER, Code.INVALID_AMOUNT

type Unread = Annotated[Any, Field(description="Not needed for a quote.")]


class OrderLineIn(JsonObject):
    """A line as it was sold."""

    id: Id
    sku: Unread = None
    title: Unread = None
    quantity: Unit
    unit_price: Amount = Field(description="List price of one unit; it may be finer than a coin.")
    tax_rate: Rate


class DiscountIn(JsonObject):
    """A reduction, shared over the lines it covers by their value."""

    code: Unread = None
    amount: Amount
    lines: Names | None = Field(None, description="The lines it covers; without, all of them.")


class ShippingIn(JsonObject):
    """What delivery cost."""

    id: Id
    amount: Amount
    tax_rate: Rate
    discount: Amount | None = None


class PaymentIn(JsonObject):
    """Money that came in; refunds go back to the payments in their order."""

    id: Id
    method: Unread = None
    amount: Amount


class OrderIn(JsonObject):
    """An order inside the request; nothing of it is stored."""

    number: Unread = None
    placed_at: Moment | None = Field(None, description="ISO 8601.", examples=["2026-03-01T10:00:00Z"])
    currency: Currency = Field(description="ISO 4217.", examples=["EUR"])
    country: Text | None = None
    prices_include_tax: Flag
    lines: Rows[OrderLineIn] | None = None
    discounts: Rows[DiscountIn] | None = None
    shipping: Rows[ShippingIn] | None = None
    payments: Rows[PaymentIn] | None = None


class OrderNumber(JsonObject, extra="forbid"):
    """A stored order: its number and nothing else. What Homeward refunded of it counts as refunded.

    Its lines, shipping charges and payments are called by their place in the order: "1", "2", …
    """

    number: Id


class LineWishIn(JsonObject):
    """Units to refund; without ``amount`` all that is left of them."""

    id: Id
    quantity: Count
    amount: Amount | None = None


class ShippingWishIn(JsonObject):
    """A shipping charge to refund; without ``amount`` all that is left of it."""

    id: Id
    amount: Amount | None = None


class FeeIn(JsonObject):
    """A deduction: a rate of the gross it falls on, or an amount, which is net where the order's prices are."""

    kind: Text
    rate: Rate | None = None
    amount: Amount | None = None
    tax_rate: Rate | None = Field(None, description="Without, the rate of the line it falls on.")


class GivenIn(JsonObject):
    """Money that went back before, for either a line or a shipping charge."""

    line: Id | None = None
    shipping: Id | None = None
    unit: Unit | None = Field(None, description="The unit it was for, counted from 1.")
    quantity: Count | None = Field(None, description="How many units it used up, in their order.")
    amount: Amount

    @model_validator(mode="before")
    @classmethod
    def _names_one(cls, value: Any) -> Any:
        if isinstance(value, dict) and (value.get("line") is None) == (value.get("shipping") is None):
            raise PydanticCustomError("either", "either")
        return value


def _kind_of_order(order: Any) -> str:
    return STORED if isinstance(order, dict) and order.keys() == {"number"} else SENT


class QuoteIn(JsonObject):
    """What shall be refunded of an order."""

    order: Annotated[Annotated[OrderIn, Tag(SENT)] | Annotated[OrderNumber, Tag(STORED)], Discriminator(_kind_of_order)]
    remedy: Remedy = Field(description="“refund” and “compensation” give money back.")
    lines: Rows[LineWishIn] | None = None
    shipping: Rows[ShippingWishIn] | None = None
    fees: Fees[FeeIn] | None = None
    units: Annotated[dict[str, Numbers | None], BeforeValidator(an_object)] | None = Field(
        None, description="By line, which of its units are meant."
    )
    already_refunded: Rows[GivenIn] | None = None


def parse_request(body: object) -> QuoteIn:
    """The model of a JSON body. Raises ``QuoteRefused`` with the first error."""
    try:
        return QuoteIn.model_validate(body)
    except ValidationError as wrong:
        raise _refusal(wrong.errors(include_url=False)[0]) from wrong


def _refusal(error: ErrorDetails) -> QuoteRefused:
    """The code and the sentence for an error of the model."""
    place = [step for index, step in enumerate(error["loc"]) if index != 1 or step not in (SENT, STORED)]
    sentence = more_specific(error["type"], error["input"])
    code = MONEY if sentence in AMOUNTS and place[0] != "order" else ORDER
    return QuoteRefused(code, SENTENCES[sentence] % {"where": _path(place), **error.get("ctx", {})})


def _path(place: Sequence[str | int]) -> str:
    """A path in JSON as people write it: "order.lines[0].quantity"."""
    written = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return written.removeprefix(".") or "request"


def from_request(body: object) -> tuple[Sale, Wish, tuple[EarlierRefund, ...]]:
    """The arguments of ``quote`` from a JSON body that has the order in it."""
    request = parse_request(body)
    if isinstance(request.order, OrderNumber):
        raise _no_lines()
    sale = sale_of(request.order)
    return sale, *wish_of(request, sale)


def sale_of(order: OrderIn) -> Sale:
    """The order of the request as argument of ``quote``."""
    currency, tax_included = order.currency, order.prices_include_tax
    try:
        lines = _lines(order)
        shipping = tuple(
            _charge(charge, f"order.shipping[{index}]", currency, tax_included)
            for index, charge in enumerate(order.shipping or ())
        )
    except CannotFreeze as contradiction:
        raise QuoteRefused(ORDER, str(contradiction)) from contradiction
    if not lines and not shipping:
        raise _no_lines()
    _all_different(lines, "lines")
    _all_different(shipping, "shipping")
    tenders = tuple(
        Tender(payment.id, _coins(payment.amount, currency, f"order.payments[{index}].amount", ORDER))
        for index, payment in enumerate(order.payments or ())
    )
    _all_different(tenders, "payments")
    return Sale(currency, tax_included, lines, shipping, tenders or None)


def wish_of(request: QuoteIn, sale: Sale) -> tuple[Wish, tuple[EarlierRefund, ...]]:
    """The wish of a request for ``sale``, and the earlier refunds that it states."""
    earlier = tuple(
        _earlier_refund(refund, f"already_refunded[{index}]", sale.currency)
        for index, refund in enumerate(request.already_refunded or ())
    )
    if set(request.units or ()) - {line.id for line in sale.lines}:
        raise QuoteRefused(Code.UNKNOWN_LINE, _("“units” refers to a line that is not in the order."))
    if request.remedy not in PAYS:
        raise QuoteRefused(
            Code.NOTHING_TO_REFUND,
            _("“%(remedy)s” pays no money back. Ask for a refund or a compensation.") % {"remedy": request.remedy},
        )
    return (
        Wish(
            lines=tuple(_line_wish(wished, request.units or {}) for wished in request.lines or ()),
            shipping=tuple(ShippingWish(wished.id, wished.amount) for wished in request.shipping or ()),
            fees=tuple(FeeWish(fee.kind, fee.rate, fee.amount, fee.tax_rate) for fee in request.fees or ()),
            remedy=request.remedy,
        ),
        earlier,
    )


def _no_lines() -> QuoteRefused:
    return QuoteRefused(ORDER, _("The order has no lines. Send the lines that were sold."))


def _lines(order: OrderIn) -> tuple[SoldLine, ...]:
    priced = [Priced(line.id, line.quantity, line.unit_price, line.tax_rate) for line in order.lines or ()]
    if any(line.quantity * line.unit_price >= TOO_MUCH for line in priced):
        raise QuoteRefused(ORDER, _("The amount of an order line is implausibly high. Check it."))
    names = {line.id for line in priced}
    reductions = [
        _reduction(discount, f"order.discounts[{index}]", names, order.currency)
        for index, discount in enumerate(order.discounts or ())
    ]
    if sum(reduction.lines is None for reduction in reductions) > MAX_CODES:
        raise QuoteRefused(
            ORDER,
            _("At most %(most)d of “order.discounts” may cover all lines. Say which lines each of the others covers.")
            % {"most": MAX_CODES},
        )
    frozen = freeze(priced, reductions, currency=order.currency, tax_included=order.prices_include_tax)
    return tuple(SoldLine(line.id, cost, line.tax_rate) for line, cost in zip(priced, frozen, strict=True))


def _reduction(discount: DiscountIn, place: str, names: set[str], currency: str) -> Reduction:
    amount = _coins(discount.amount, currency, f"{place}.amount", ORDER)
    if discount.lines is None:
        return Reduction(amount)
    if set(discount.lines) - names:
        raise QuoteRefused(
            ORDER, _("“%(where)s” refers to a line that is not in the order.") % {"where": f"{place}.lines"}
        )
    return Reduction(amount, frozenset(discount.lines))


def _charge(charge: ShippingIn, place: str, currency: str, tax_included: bool) -> SoldLine:
    cost = freeze_amount(
        _coins(charge.amount, currency, f"{place}.amount", ORDER),
        _coins(charge.discount or Decimal(0), currency, f"{place}.discount", ORDER),
        quantity=1,
        tax_rate=charge.tax_rate,
        currency=currency,
        tax_included=tax_included,
    )
    return SoldLine(charge.id, cost, charge.tax_rate)


def _line_wish(wished: LineWishIn, units: dict[str, list[int] | None]) -> LineWish:
    named = units.get(wished.id)
    spans = None if named is None else tuple((unit, unit + 1) for unit in named)
    return LineWish(wished.id, wished.quantity, wished.amount, spans)


def _earlier_refund(past: GivenIn, place: str, currency: str) -> EarlierRefund:
    return EarlierRefund(
        amount=_coins(past.amount, currency, f"{place}.amount", MONEY),
        line=past.line,
        shipping=past.shipping,
        units=None if past.unit is None else ((past.unit, past.unit + 1),),
        quantity=past.quantity,
    )


def _coins(amount: Decimal, currency: str, place: str, code: Code) -> Decimal:
    """The amount; raises ``QuoteRefused`` if it is finer than a coin of the currency."""
    try:
        whole_coins(amount, currency)
    except ValueError as finer:
        raise QuoteRefused(
            code,
            _("“%(where)s” has more decimals than %(currency)s allows.") % {"where": place, "currency": currency},
        ) from finer
    return amount


def _all_different(rows: Sequence[SoldLine] | Sequence[Tender], place: str) -> None:
    if len({row.id for row in rows}) != len(rows):
        raise QuoteRefused(ORDER, _("Two entries of “%(where)s” have the same id.") % {"where": place})
