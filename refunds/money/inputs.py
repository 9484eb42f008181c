"""Values of a quote: order, earlier refunds and wish go in, parts and payments come out.

Plain values without a database. Amounts are ``Decimal`` in the order's currency, whole coins.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from signoff.money import Frozen, Span


class Code(StrEnum):
    """Reason of a refused quote, for programs; people get a sentence."""

    EXCEEDS_REFUNDABLE = "exceeds_refundable"
    INVALID_AMOUNT = "invalid_amount"
    NOTHING_TO_REFUND = "nothing_to_refund"
    UNKNOWN_LINE = "unknown_line"
    INVALID_ORDER = "invalid_order"


class QuoteRefused(Exception):
    """No quote: ``code`` for programs, ``detail`` a sentence that says what to do."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[type["QuoteRefused"], tuple[Code, str]]:
        return type(self), (self.code, self.detail)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of the order with its cost. A shipping charge is a line of one unit."""

    id: str
    cost: Frozen
    tax_rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tender:
    """A payment of the order with its amount."""

    id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """The order. ``payments`` in the order in which they are paid back; ``None`` if they are unknown."""

    currency: str
    tax_included: bool
    lines: tuple[SoldLine, ...] = ()
    shipping: tuple[SoldLine, ...] = ()
    payments: tuple[Tender, ...] | None = None

    @property
    def total(self) -> Decimal:
        return sum((line.cost.gross for line in (*self.lines, *self.shipping)), Decimal(0))


@dataclass(frozen=True, slots=True)
class EarlierRefund:
    """An earlier refund for a line or a shipping charge (exactly one of them is named).

    ``units`` names the units it was for, else it fills the line's units in their order. ``quantity``
    counts units that are used up by it; without it the rest of a unit remains the next to be refunded.
    """

    amount: Decimal
    line: str | None = None
    shipping: str | None = None
    units: tuple[Span, ...] | None = None
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class LineWish:
    """Units of a line to refund; without ``amount`` all that is left of them. ``units`` names which."""

    id: str
    quantity: int
    amount: Decimal | None = None
    units: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class ShippingWish:
    """A shipping charge to refund; without ``amount`` all that is left of it."""

    id: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FeeWish:
    """A deduction: a ``rate`` of the goods' gross or an ``amount`` (exactly one of them).

    An amount follows the order's prices: gross where they include tax, else net, and its tax is added. The tax is at
    ``tax_rate``, or else at the rate of the line it falls on.
    """

    kind: str
    rate: Decimal | None = None
    amount: Decimal | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """The wish: what to refund."""

    lines: tuple[LineWish, ...] = ()
    shipping: tuple[ShippingWish, ...] = ()
    fees: tuple[FeeWish, ...] = ()
    remedy: str = "refund"


class Kind(StrEnum):
    GOODS = "goods"
    SHIPPING = "shipping"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the total; gross = net + tax, negative for a fee. The other facts explain it.

    ``worth`` is what the units concerned cost, made of ``list_total``, ``discount`` and their tax;
    ``before`` is what had been given back for them already. For a fee ``worth`` is what it falls on.
    """

    kind: Kind
    net: Decimal
    tax: Decimal
    gross: Decimal
    worth: Decimal
    line: str | None = None
    shipping: str | None = None
    quantity: int | None = None
    units: tuple[Span, ...] = ()
    list_total: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    before: Decimal = Decimal(0)
    tax_included: bool = True
    fee: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer: the total with every part of it, and which payment gives how much back."""

    currency: str
    total: Decimal
    net: Decimal
    tax: Decimal
    parts: tuple[Part, ...]
    payments: tuple[Tender, ...] = field(default=())
