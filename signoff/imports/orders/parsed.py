"""Parsed orders: what every format's reader returns, before anything is calculated or stored.

Amounts are in the order's currency. What a file does not state is empty, ``None`` or ``()``; nothing is guessed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from signoff.imports.files.csv import Row
from signoff.imports.files.rejected import RejectedRow

ZERO = Decimal(0)

#: fields whose absence is an order anomaly: a SKU of each line, an e-mail address, and parts of the postal address
EXPECTED_FIELDS = frozenset({"article", "email", "name", "street", "city", "postcode", "country", "phone"})


@dataclass(frozen=True, slots=True)
class SoldItem:
    """One line of an order; ``unit_price`` may be finer than a coin (three decimals).

    ``list_total`` is the line before discounts where the file states it and the unit price is only its
    quotient. ``discount`` and ``tax`` are the whole line's, as charged; ``tax`` is ``None`` where the file
    states none for the line. Of a line that is not ``taxable`` the order's tax has no share.
    """

    row: Row
    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    is_goods: bool
    discount: Decimal = ZERO
    tax: Decimal | None = None
    tax_rate: Decimal | None = None
    external_id: str = ""
    category: str = ""
    list_total: Decimal | None = None
    taxable: bool = True
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An address. ``country`` is an ISO code or empty; ``street`` may have several lines."""

    name: str = ""
    company: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""

    def lines(self) -> list[str]:
        """The lines as on a parcel label, without the phone number."""
        place = " ".join(filter(None, (self.postcode, self.city, self.region)))
        return [line for line in (self.name, self.company, *self.street.splitlines(), place, self.country) if line]


@dataclass(frozen=True, slots=True)
class Buyer:
    """The buyer of an order. ``external_id`` is the shop system's number; ``language`` a tag such as ``pt-BR``."""

    external_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    address: Address | None = None
    language: str = ""


UNKNOWN_BUYER = Buyer()


@dataclass(frozen=True, slots=True)
class SoldDiscount:
    """A reduction of the order over the items at these places (from 0); none named means all of them.

    Where ``in_items`` is set, the discounts of the items (or shipping) include it already; only its code matters.
    """

    code: str
    amount: Decimal
    items: tuple[int, ...] = ()
    in_items: bool = False


@dataclass(frozen=True, slots=True)
class SoldShipping:
    """A shipping charge; ``tax`` as charged, ``None`` if not stated."""

    title: str
    amount: Decimal
    discount: Decimal = ZERO
    tax: Decimal | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReportedRefund:
    """One refund that the shop made, with its provider's reference."""

    reference: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SoldPayment:
    """A payment, and how much of it the shop has refunded so far; ``refunds`` names those with a reference."""

    method: str
    reference: str
    amount: Decimal
    refunded: Decimal = ZERO
    refunds: tuple[ReportedRefund, ...] = ()


@dataclass(frozen=True, slots=True)
class SentParcel:
    """A parcel to the shopper, whose goods ``seller`` sold (on a marketplace) and ``warehouse`` sent.

    ``items`` are (index of the item, units); empty means unknown.
    """

    carrier: str = ""
    number: str = ""
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    promised_on: date | None = None
    items: tuple[tuple[int, int], ...] = ()
    seller: str = ""
    warehouse: str = ""


@dataclass(frozen=True, slots=True)
class OrderRating:
    """The shopper's rating of the order at the shop: 1 to 5 stars."""

    stars: int
    words: str = ""
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """One order.

    ``number_column`` is the file's title of the column of ``number``. ``tax`` is the order's whole tax if
    the lines do not state theirs. ``total`` is the order's total as stated in the file. ``paid`` without
    ``payments`` means: in full, by an unknown method. ``on_delivery``: the shopper pays the carrier. ``status`` is the
    shop's own status. ``file`` names the file of ``row`` if there are several.
    """

    number: str
    number_column: str
    placed_at: datetime
    country: str
    currency: str
    items: list[SoldItem]
    row: Row | None = None
    external_id: str = ""
    buyer: Buyer = UNKNOWN_BUYER
    prices_include_tax: bool = True
    tax: Decimal | None = None
    discounts: tuple[SoldDiscount, ...] = ()
    shipping: tuple[SoldShipping, ...] = ()
    payments: tuple[SoldPayment, ...] = ()
    total: Decimal | None = None
    paid: bool = True
    on_delivery: bool = False
    cancelled: bool = False
    status: str = ""
    parcels: tuple[SentParcel, ...] = ()
    ratings: tuple[OrderRating, ...] = ()
    file: str = ""


type ParseResult = SoldOrder | RejectedRow


class Reader(Protocol):
    """Reads the orders of one source in ``passes`` passes. ``report`` (figures of the file, by name) is complete
    when ``read`` is exhausted. ``gives`` is what every order of this source should have, of ``EXPECTED_FIELDS``: what a
    format, or a file without the column, can never say is not missed."""

    passes: int
    report: dict[str, Any]
    provides: frozenset[str]

    def read(self) -> Iterator[ParseResult]: ...

    def on_progress(self, callback: Callable[[int], object]) -> None:
        """Call ``callback`` with the rows read (of JSON the orders), from time to time."""


def reject_order(order: SoldOrder, sentence: str) -> list[RejectedRow]:
    """Rejected rows for all rows of an order; of several files, only the row of the order itself."""
    rows = [] if order.file else [item.row for item in order.items]
    if order.row:
        rows.append(order.row)
    lines = {row.line: row for row in rows}
    return [RejectedRow(row, order.number_column, sentence, order.file) for _line, row in sorted(lines.items())]
