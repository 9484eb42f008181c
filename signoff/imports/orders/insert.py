"""Writes new orders with all that belongs to them, by COPY."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from signoff.db.copy import Values, copy, copy_with_history, keys_for
from signoff.db.tokens import public_token
from signoff.imports.orders.parsed import SentParcel
from signoff.imports.orders.rows import (
    DESTINATION,
    HEAD,
    LINE,
    PARCEL,
    PAYMENT,
    SHIPPING,
    STATUS,
    PreparedOrder,
    parcel_values,
)
from signoff.models import (
    DeliveryTerms,
    Destination,
    Discount,
    Order,
    OrderLine,
    Parcel,
    ParcelLine,
    Payment,
    Rating,
    ShippingCharge,
    Shop,
    Watch,
)
from signoff.parcels.terms import RECENT, watch_for

ORDER_COLUMNS = ("id", "shop_id", "token", "number", "customer_id", "source", *HEAD, *STATUS)
PARCEL_COLUMNS = ("id", "order_id", "token", "direction", *PARCEL)
RATING = ("order_id", "about", "stars", "words", "given_at")


@dataclass(frozen=True, slots=True)
class Batch:
    """What all orders of a batch share; ``gives`` is what its source should give (``terms.GIVEN``)."""

    shop: Shop
    source: str
    gives: Collection[str]
    terms: DeliveryTerms
    now: datetime

    @property
    def why(self) -> str:
        return f"import: {self.source}"


@dataclass(frozen=True, slots=True)
class SavedOrder:
    """An order with its key, and the keys of its lines by position."""

    key: int
    told: PreparedOrder
    lines: Sequence[int]


def insert_orders(orders: Sequence[PreparedOrder], customers: Sequence[int | None], of: Batch) -> list[SavedOrder]:
    """Write the orders, each with its customer's key."""
    keys = keys_for(Order, len(orders))
    rows = [
        (key, of.shop.pk, public_token(), one.order.number, customer, of.source, *one.rows.head, *one.status)
        for key, one, customer in zip(keys, orders, customers, strict=True)
    ]
    copy_with_history(Order, ORDER_COLUMNS, rows, now=of.now, why=of.why)
    lines = iter(keys_for(OrderLine, sum(len(one.rows.lines) for one in orders)))
    placed = [
        SavedOrder(key, one, [next(lines) for _line in one.rows.lines]) for key, one in zip(keys, orders, strict=True)
    ]
    copy(OrderLine, ("id", "order_id", *LINE), _line_rows(placed))
    copy(Payment, ("order_id", *PAYMENT), _table_rows(placed, "payments"))
    insert_shipping(placed)
    insert_discounts(placed)
    going = [(one.key, *one.told.rows.destination) for one in placed if one.told.rows.destination]
    copy(Destination, ("order_id", *DESTINATION), going)
    insert_parcels([(one, sent) for one in placed for sent in one.told.parcels], of)
    insert_ratings([(one.key, *rated) for one in placed for rated in one.told.ratings])
    return placed


def insert_shipping(orders: Sequence[SavedOrder]) -> None:
    copy(ShippingCharge, ("order_id", *SHIPPING), _table_rows(orders, "shipping"))


def insert_discounts(orders: Sequence[SavedOrder]) -> None:
    given = [(one, values) for one in orders for values in one.told.rows.discounts]
    if not given:
        return
    keyed = list(zip(keys_for(Discount, len(given)), given, strict=True))
    copy(Discount, ("id", "order_id", "code", "amount"), ((key, one.key, *values[:2]) for key, (one, values) in keyed))
    covered = ((key, one.lines[place - 1]) for key, (one, (_code, _amount, places)) in keyed for place in places)
    copy(Discount.lines.through, ("discount_id", "orderline_id"), covered)


def insert_parcels(sent: Sequence[tuple[SavedOrder, SentParcel]], of: Batch) -> None:
    """Parcels to the shopper with what is in them, and a watch for each that is still waited for."""
    if not sent:
        return
    keyed = list(zip(keys_for(Parcel, len(sent)), sent, strict=True))
    direction = Parcel.Direction.OUTBOUND.value
    rows = [(key, one.key, public_token(), direction, *parcel_values(parcel)) for key, (one, parcel) in keyed]
    copy_with_history(Parcel, PARCEL_COLUMNS, rows, now=of.now, why=of.why)
    insert_parcel_lines([(key, one, parcel) for key, (one, parcel) in keyed])
    insert_watches([(key, parcel) for key, (_one, parcel) in keyed], of)


def insert_parcel_lines(parcels: Sequence[tuple[int, SavedOrder, SentParcel]]) -> None:
    copy(
        ParcelLine,
        ("parcel_id", "order_line_id", "quantity"),
        ((key, one.lines[place], units) for key, one, parcel in parcels for place, units in parcel.items),
    )


def insert_watches(parcels: Sequence[tuple[int, SentParcel]], of: Batch) -> None:
    """For those still waited for; years of the past are passed over without a look."""
    since = of.now - max(RECENT, of.terms.sign_within)
    lately = [(key, one) for key, one in parcels if (at := one.delivered_at or one.sent_at) and at > since]
    found = (watch_for(parcel_row(key, parcel), of.terms, now=of.now) for key, parcel in lately)
    Watch.objects.bulk_create([watch for watch in found if watch], ignore_conflicts=True)


def insert_ratings(ratings: Sequence[Values]) -> None:
    """Each is an order's key, stars, words, time; the shop was rated, not a carrier."""
    about = Rating.About.SHOP.value
    copy(Rating, RATING, ((order, about, *values) for order, *values in ratings))


def parcel_row(key: int, parcel: SentParcel) -> Parcel:
    """What ``watch_for`` looks at."""
    return Parcel(
        pk=key,
        direction=Parcel.Direction.OUTBOUND,
        tracking_number=parcel.number,
        shipped_at=parcel.sent_at,
        delivered_at=parcel.delivered_at,
    )


def _line_rows(orders: Sequence[SavedOrder]) -> Iterator[Values]:
    for one in orders:
        for key, values in zip(one.lines, one.told.rows.lines, strict=True):
            yield (key, one.key, *values)


def _table_rows(orders: Sequence[SavedOrder], table: str) -> Iterator[Values]:
    return ((one.key, *values) for one in orders for values in getattr(one.told.rows, table))
