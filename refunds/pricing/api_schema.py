"""The quote API's words, for its OpenAPI page. ``refunds.money`` reads and writes them and has the last word."""

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from refunds.money.parse import LONGEST, MOST_ROWS, MOST_UNITS
from refunds.money.parse_request import REMEDIES

type Id = Annotated[str, Field(min_length=1, max_length=LONGEST)] | Annotated[int, Field(gt=-(10**18), lt=10**18)]
type Amount = (
    Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,8})?$", examples=["12.50"])]
    | Annotated[int, Field(ge=0, lt=10**12)]
)
type Rate = (
    Annotated[str, Field(pattern=r"^(10|[0-9])(\.[0-9]{1,8})?$", examples=["0.19"])]
    | Annotated[int, Field(ge=0, le=10)]
)
type Count = Annotated[int, Field(ge=0, le=MOST_UNITS)] | Annotated[str, Field(pattern=r"^[0-9]{1,7}$")]
type Unit = Annotated[int, Field(ge=1, le=MOST_UNITS)] | Annotated[str, Field(pattern=r"^[0-9]{1,7}$")]
type Text = Annotated[str, Field(max_length=LONGEST)]
type Unread = Annotated[Any, Field(description="Not needed for a quote.")]
type Rows[T] = Annotated[list[T], Field(max_length=MOST_ROWS)]


class OrderLineIn(Schema):
    """A line as it was sold."""

    id: Id
    sku: Unread = None
    title: Unread = None
    quantity: Unit
    unit_price: Amount = Field(description="List price of one unit; it may be finer than a coin.")
    tax_rate: Rate


class DiscountIn(Schema):
    """A reduction, shared over the lines it covers by their value."""

    code: Unread = None
    amount: Amount
    lines: Rows[Id] | None = Field(None, description="The lines it covers; without, all of them.")


class ShippingIn(Schema):
    """What delivery cost."""

    id: Id
    amount: Amount
    tax_rate: Rate
    discount: Amount | None = None


class PaymentIn(Schema):
    """Money that came in; refunds go back to the payments in their order."""

    id: Id
    method: Unread = None
    amount: Amount


class OrderIn(Schema):
    """An order inside the request; nothing of it is stored."""

    number: Unread = None
    placed_at: str | None = Field(None, description="ISO 8601.", examples=["2026-03-01T10:00:00Z"])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    country: Text | None = None
    prices_include_tax: bool
    lines: Rows[OrderLineIn] | None = None
    discounts: Rows[DiscountIn] | None = None
    shipping: Rows[ShippingIn] | None = None
    payments: Rows[PaymentIn] | None = None


class OrderNumber(Schema, extra="forbid"):
    """A stored order: its number and nothing else. What Homeward refunded of it counts as refunded.

    Its lines, shipping charges and payments are called by their place in the order: "1", "2", …
    """

    number: Id


class LineWishIn(Schema):
    """Units to refund; without ``amount`` all that is left of them."""

    id: Id
    quantity: Count
    amount: Amount | None = None


class ShippingWishIn(Schema):
    """A shipping charge to refund; without ``amount`` all that is left of it."""

    id: Id
    amount: Amount | None = None


class FeeIn(Schema):
    """Something to keep back: either a rate of the gross it falls on or a gross amount. Its tax is inside it."""

    kind: Text
    rate: Rate | None = None
    amount: Amount | None = None
    tax_rate: Rate | None = Field(None, description="Without, the rate of the line it falls on.")


class GivenIn(Schema):
    """Money that went back before, for either a line or a shipping charge."""

    line: Id | None = None
    shipping: Id | None = None
    unit: Unit | None = Field(None, description="The unit it was for, counted from 1.")
    quantity: Count | None = Field(None, description="How many units it used up, in their order.")
    amount: Amount


class QuoteIn(Schema):
    """What shall be refunded of an order."""

    order: OrderIn | OrderNumber
    remedy: Literal[REMEDIES] = Field(description="“refund” and “compensation” give money back.")
    lines: Rows[LineWishIn] | None = None
    shipping: Rows[ShippingWishIn] | None = None
    fees: Rows[FeeIn] | None = None
    units: dict[str, Rows[Unit]] | None = Field(None, description="By line, which of its units are meant.")
    already_refunded: Rows[GivenIn] | None = None


class PartOut(Schema):
    """One part of the total; gross = net + tax, below zero for a fee."""

    kind: Literal["goods", "shipping", "fee"]
    line: str | None = Field(None, description="Only where the part belongs to a line.")
    shipping: str | None = Field(None, description="Only where the part belongs to a shipping charge.")
    quantity: int | None = Field(None, description="Only for goods.")
    net: str
    tax: str
    gross: str
    why: str = Field(description="The arithmetic as a sentence.")


class PaymentOut(Schema):
    """What goes back to one payment."""

    id: str
    amount: str


class QuoteOut(Schema):
    """What goes back: total = net + tax = the sum of the parts = the sum of the payments, where those are known."""

    currency: str
    total: str
    net: str
    tax: str
    parts: list[PartOut]
    payments: list[PaymentOut]
