"""Turns a parsed order into database rows without keys, to be inserted or compared with stored ones."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from signoff.db.copy import Values
from signoff.imports.orders.parsed import ZERO, OrderRating, SentParcel, SoldItem, SoldOrder
from signoff.imports.orders.pricing import OrderAmounts, calculate_amounts, storable_rate
from signoff.models import OrderLine, Payment
from signoff.money import Frozen, to_coin
from signoff.parcels.numbers import split_numbers

# columns of each table, in the order in which ``OrderRows`` holds their values
HEAD = ("placed_at", "currency", "country", "prices_include_tax", "total", "external_id")
STATUS = ("shop_status", "is_cancelled")
LINE = (
    "position", "kind", "sku", "title", "category", "quantity", "unit_price", "tax_rate", "list_total", "discount",
    "tax", "gross", "external_id", "supplier",
)  # fmt: skip
SHIPPING = ("title", "amount", "discount", "tax_rate", "tax", "gross")
PAYMENT = ("position", "method", "captured", "provider", "reference")
CAPTURED = PAYMENT.index("captured")
DESTINATION = ("name", "company", "street", "city", "region", "postcode", "country", "phone")
PARCEL = (
    "carrier", "tracking_number", "shipped_at", "promised_on", "delivered_at", "warehouse", "seller",
)  # fmt: skip
Method = Payment.Method
#: checked in this order; the first word that the shop's text contains decides
METHOD_WORDS = (
    (Method.STORE_CREDIT, ("store credit", "store_credit", "gift", "voucher", "余额", "餘額")),
    (
        Method.WALLET,
        ("paypal", "alipay", "支付宝", "支付寶", "wechat", "weixin", "微信", "apple", "google", "klarna", "shop pay"),
    ),
    (Method.BANK, ("bank", "bacs", "transfer", "sepa", "boleto", "wire", "invoice", "cheque", "check", "汇款", "转账")),
    (Method.CARD, ("card", "visa", "master", "amex", "stripe", "bogus", "shopify", "银行卡", "信用卡")),
)


#: what stands between the names of several ways in which one payment was made
SEVERAL = re.compile(r"[+,;&、，；]|\band\b|\bund\b")


@dataclass(frozen=True, slots=True)
class OrderRows:
    """An order's rows by table, each in the columns above; ``discounts`` are (code, amount, positions of lines)."""

    head: Values
    lines: list[Values]
    shipping: list[Values]
    discounts: list[Values]
    payments: list[Values]
    destination: Values | None


@dataclass(frozen=True, slots=True)
class PreparedOrder:
    """A parsed order with its amounts and database rows; ``reported`` is what the shop refunded of each payment."""

    order: SoldOrder
    amounts: OrderAmounts
    rows: OrderRows
    reported: list[Decimal]
    status: Values
    parcels: list[SentParcel]
    ratings: list[Values]

    @property
    def number(self) -> str:
        return self.order.number

    @property
    def total(self) -> Decimal:
        return self.amounts.total

    @property
    def paid(self) -> Decimal:
        return sum((payment[CAPTURED] for payment in self.rows.payments), ZERO)


def prepare_order(order: SoldOrder) -> PreparedOrder:
    """Calculate the amounts and build the rows. Raises ``CannotFreeze`` where the amounts cannot be true."""
    amounts = calculate_amounts(order)
    total = amounts.total
    rows = OrderRows(
        head=(
            order.placed_at, order.currency, order.country, order.prices_include_tax, total, order.external_id[:80],
        ),
        lines=[
            _line_values(place, item, line)
            for place, (item, line) in enumerate(zip(order.items, amounts.lines, strict=True), start=1)
        ],
        shipping=[
            (part.title[:120], paid.list_total, paid.discount, storable_rate(part.tax_rate), paid.tax, paid.gross)
            for part, paid in zip(order.shipping, amounts.shipping, strict=True)
        ],
        discounts=[
            (part.code[:80], to_coin(part.amount, order.currency), tuple(sorted(place + 1 for place in part.items)))
            for part in order.discounts
        ],
        payments=_payment_values(order, total),
        destination=_destination_values(order),
    )  # fmt: skip
    parcels = [_fit_parcel(parcel) for written in order.parcels for parcel in _single_parcels(written)]
    ratings = [_rating_values(rating, order) for rating in order.ratings]
    reported = _reported(order, rows.payments)
    return PreparedOrder(order, amounts, rows, reported, (order.status[:80], order.cancelled), parcels, ratings)


def _line_values(position: int, item: SoldItem, line: Frozen) -> Values:
    kind = OrderLine.Kind.GOODS if item.is_goods else OrderLine.Kind.CHARGE
    return (
        position, kind.value, item.sku[:80], item.title[:250], item.category[:80], item.quantity, item.unit_price,
        storable_rate(item.tax_rate), line.list_total, line.discount, line.tax, line.gross, item.external_id[:80],
        item.supplier[:80],
    )  # fmt: skip


def _payment_values(order: SoldOrder, total: Decimal) -> list[Values]:
    """Rows of payments."""
    if not order.payments:
        return [(1, payment_method("").value, total, "", "")] if order.paid else []
    return [
        (
            place,
            payment_method(payment.method).value,
            payment.amount,
            payment.method[:120],
            payment.reference[:120],
        )
        for place, payment in enumerate(order.payments, start=1)
    ]


def _reported(order: SoldOrder, payments: list[Values]) -> list[Decimal]:
    """What the shop says it has refunded of each payment, never more than was paid."""
    if not order.payments:
        return [ZERO] * len(payments)
    return [min(payment.refunded, payment.amount) for payment in order.payments]


def _destination_values(order: SoldOrder) -> Values | None:
    address = order.buyer.address
    if not address or not address.lines():
        return None
    return (
        address.name[:200], address.company[:200], address.street, address.city[:120], address.region[:120],
        address.postcode[:40], address.country, address.phone[:40],
    )  # fmt: skip


def _single_parcels(written: SentParcel) -> list[SentParcel]:
    """One parcel for each tracking number; what each of several contains is unknown. None for a mere "N/A"."""
    numbers = split_numbers(written.number)
    if len(numbers) > 1:
        return [replace(written, number=number, items=()) for number in numbers]
    is_sent = numbers or written.sent_at or written.delivered_at or written.promised_on or written.items
    return [replace(written, number=numbers[0] if numbers else "")] if is_sent else []


def _fit_parcel(parcel: SentParcel) -> SentParcel:
    """Cut texts to the widths of their columns; add up units of an item that is named twice."""
    items: dict[int, int] = {}
    for place, units in parcel.items:
        items[place] = items.get(place, 0) + units
    return replace(
        parcel,
        carrier=parcel.carrier[:60],
        number=parcel.number[:80],
        seller=parcel.seller[:80],
        warehouse=parcel.warehouse[:80],
        items=tuple(sorted(items.items())),
    )


def parcel_values(parcel: SentParcel) -> Values:
    """Values in the order of ``PARCEL``."""
    return (
        parcel.carrier, parcel.number, parcel.sent_at, parcel.promised_on, parcel.delivered_at, parcel.warehouse,
        parcel.seller,
    )  # fmt: skip


def _rating_values(rated: OrderRating, order: SoldOrder) -> Values:
    return rated.stars, rated.words, rated.given_at or order.placed_at


def names_of_methods(words: str) -> list[str]:
    """The names in the shop's words about a payment that was made in several ways: "gift_card + paypal"."""
    return [name for part in SEVERAL.split(words) if (name := part.strip())]


def payment_method(words: str) -> Payment.Method:
    """The payment method that the shop's words mean; ``OTHER`` for unknown ones, and for several of different kinds."""
    methods = {_method_of(name) for name in names_of_methods(words)} or {Method.OTHER}
    return methods.pop() if len(methods) == 1 else Method.OTHER


def _method_of(words: str) -> Payment.Method:
    lowered = words.casefold()
    for method, known_words in METHOD_WORDS:
        if any(word in lowered for word in known_words):
            return method
    return Method.OTHER
