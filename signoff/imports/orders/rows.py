"""The rows of one order as its file tells them, without keys: to be written, or compared with the database."""

from dataclasses import dataclass, replace
from decimal import Decimal

from signoff.db.copy import Values
from signoff.imports.orders.parsed import ZERO, OrderRating, SentParcel, SoldItem, SoldOrder
from signoff.imports.orders.pricing import OrderAmounts, calculate_amounts, storable_rate
from signoff.models import OrderLine, Payment
from signoff.money import Frozen, to_coin

HEAD = ("placed_at", "currency", "country", "prices_include_tax", "total", "external_id")
STATUS = ("shop_status", "is_cancelled")
LINE = (
    "position", "kind", "sku", "title", "category", "quantity", "unit_price", "tax_rate", "list_total", "discount",
    "tax", "gross", "external_id", "supplier",
)  # fmt: skip
SHIPPING = ("title", "amount", "discount", "tax_rate", "tax", "gross")
PAYMENT = ("position", "method", "reference", "captured", "refunded")
DESTINATION = ("name", "company", "street", "city", "region", "postcode", "country", "phone")
PARCEL = (
    "carrier", "tracking_number", "shipped_at", "promised_on", "delivered_at", "warehouse", "seller",
)  # fmt: skip
Method = Payment.Method
#: the first that stands in the shop's words wins
METHOD_WORDS = (
    (Method.STORE_CREDIT, ("store credit", "store_credit", "gift", "voucher", "余额", "餘額")),
    (
        Method.WALLET,
        ("paypal", "alipay", "支付宝", "支付寶", "wechat", "weixin", "微信", "apple", "google", "klarna", "shop pay"),
    ),
    (Method.BANK, ("bank", "bacs", "transfer", "sepa", "boleto", "wire", "invoice", "cheque", "check", "汇款", "转账")),
    (Method.CARD, ("card", "visa", "master", "amex", "stripe", "bogus", "shopify", "银行卡", "信用卡")),
)


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
    """What a file says of one order, ready to be written."""

    order: SoldOrder
    charged: OrderAmounts
    rows: OrderRows
    status: Values
    parcels: list[SentParcel]
    ratings: list[Values]

    @property
    def total(self) -> Decimal:
        return self.charged.total

    @property
    def paid(self) -> Decimal:
        return sum((captured for *_, captured, _refunded in self.rows.payments), ZERO)


def prepare_order(order: SoldOrder) -> PreparedOrder:
    """Raises ``CannotFreeze``."""
    charged = calculate_amounts(order)
    total = charged.total
    rows = OrderRows(
        head=(
            order.placed_at, order.currency, order.country, order.prices_include_tax, total, order.external_id[:80],
        ),
        lines=[
            _line_values(place, item, line)
            for place, (item, line) in enumerate(zip(order.items, charged.lines, strict=True), start=1)
        ],
        shipping=[
            (one.title[:120], charge.list_total, charge.discount, storable_rate(one.tax_rate), charge.tax, charge.gross)
            for one, charge in zip(order.shipping, charged.shipping, strict=True)
        ],
        discounts=[
            (one.code[:80], to_coin(one.amount, order.currency), tuple(sorted(place + 1 for place in one.items)))
            for one in order.discounts
        ],
        payments=_payment_values(order, total),
        destination=_destination_values(order),
    )  # fmt: skip
    parcels = list(map(_fit_parcel, order.parcels))
    ratings = [_rating_values(rated, order) for rated in order.ratings]
    return PreparedOrder(order, charged, rows, (order.status[:80], order.cancelled), parcels, ratings)


def _line_values(position: int, item: SoldItem, line: Frozen) -> Values:
    kind = OrderLine.Kind.GOODS if item.is_goods else OrderLine.Kind.CHARGE
    return (
        position, kind.value, item.sku[:80], item.title[:250], item.category[:80], item.quantity, item.unit_price,
        storable_rate(item.tax_rate), line.list_total, line.discount, line.tax, line.gross, item.external_id[:80],
        item.supplier[:80],
    )  # fmt: skip


def _payment_values(order: SoldOrder, total: Decimal) -> list[Values]:
    """Where the shop gives no reference, what it calls the means stands in its place."""
    if not order.payments:
        return [(1, payment_method("").value, "", total, ZERO)] if order.paid else []
    return [
        (place, payment_method(one.method).value, (one.reference or one.method)[:120], one.amount, one.refunded)
        for place, one in enumerate(order.payments, start=1)
    ]


def _destination_values(order: SoldOrder) -> Values | None:
    address = order.buyer.address
    if not address or not address.lines():
        return None
    return (
        address.name[:200], address.company[:200], address.street, address.city[:120], address.region[:120],
        address.postcode[:40], address.country, address.phone[:40],
    )  # fmt: skip


def _fit_parcel(sent: SentParcel) -> SentParcel:
    """In the widths of the columns; what is named twice is added up."""
    inside: dict[int, int] = {}
    for place, units in sent.items:
        inside[place] = inside.get(place, 0) + units
    return replace(
        sent,
        carrier=sent.carrier[:60],
        number=sent.number[:80],
        seller=sent.seller[:80],
        warehouse=sent.warehouse[:80],
        items=tuple(sorted(inside.items())),
    )


def parcel_values(sent: SentParcel) -> Values:
    """In the columns ``PARCEL``."""
    return (
        sent.carrier, sent.number, sent.sent_at, sent.promised_on, sent.delivered_at, sent.warehouse, sent.seller,
    )  # fmt: skip


def _rating_values(rated: OrderRating, order: SoldOrder) -> Values:
    return rated.stars, rated.words, rated.given_at or order.placed_at


def payment_method(words: str) -> Payment.Method:
    """``OTHER`` for what we do not know."""
    said = words.casefold()
    for method, known in METHOD_WORDS:
        if any(word in said for word in known):
            return method
    return Method.OTHER
