"""Inserts new orders and the rows of their related tables with COPY."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from signoff.db.copy import Values, copy, copy_with_history, reserve_keys
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
from signoff.imports.orders.shop_refunds import insert_shop_refunds
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
    """What all orders of a batch share; ``provides`` is a subset of ``parsed.EXPECTED_FIELDS``."""

    shop: Shop
    source: str
    provides: Collection[str]
    terms: DeliveryTerms
    now: datetime

    @property
    def change_reason(self) -> str:
        return f"import: {self.source}"


@dataclass(frozen=True, slots=True)
class SavedOrder:
    """A stored order: its primary key, and those of its lines by position."""

    pk: int
    prepared: PreparedOrder
    line_keys: Sequence[int]


def insert_orders(orders: Sequence[PreparedOrder], customers: Sequence[int | None], batch: Batch) -> list[SavedOrder]:
    """Insert orders; ``customers`` has the primary key of each order's customer."""
    keys = reserve_keys(Order, len(orders))
    rows = [
        (
            key,
            batch.shop.pk,
            public_token(),
            order.order.number,
            customer,
            batch.source,
            *order.rows.head,
            *order.status,
        )
        for key, order, customer in zip(keys, orders, customers, strict=True)
    ]
    copy_with_history(Order, ORDER_COLUMNS, rows, now=batch.now, why=batch.change_reason)
    lines = iter(reserve_keys(OrderLine, sum(len(order.rows.lines) for order in orders)))
    saved = [
        SavedOrder(key, order, [next(lines) for _line in order.rows.lines])
        for key, order in zip(keys, orders, strict=True)
    ]
    copy(OrderLine, ("id", "order_id", *LINE), _line_rows(saved))
    copy(Payment, ("order_id", *PAYMENT), _table_rows(saved, "payments"))
    insert_shop_refunds({order.pk: order.prepared for order in saved}, now=batch.now)
    insert_shipping(saved)
    insert_discounts(saved)
    destinations = [(order.pk, *order.prepared.rows.destination) for order in saved if order.prepared.rows.destination]
    copy(Destination, ("order_id", *DESTINATION), destinations)
    insert_parcels([(order, parcel) for order in saved for parcel in order.prepared.parcels], batch)
    insert_ratings([(order.pk, *rating) for order in saved for rating in order.prepared.ratings])
    return saved


def insert_shipping(orders: Sequence[SavedOrder]) -> None:
    copy(ShippingCharge, ("order_id", *SHIPPING), _table_rows(orders, "shipping"))


def insert_discounts(orders: Sequence[SavedOrder]) -> None:
    discounts = [(order, values) for order in orders for values in order.prepared.rows.discounts]
    if not discounts:
        return
    keyed = list(zip(reserve_keys(Discount, len(discounts)), discounts, strict=True))
    copy(
        Discount, ("id", "order_id", "code", "amount"), ((key, order.pk, *values[:2]) for key, (order, values) in keyed)
    )
    covered = (
        (key, order.line_keys[place - 1]) for key, (order, (_code, _amount, places)) in keyed for place in places
    )
    copy(Discount.lines.through, ("discount_id", "orderline_id"), covered)


def insert_parcels(parcels: Sequence[tuple[SavedOrder, SentParcel]], batch: Batch) -> None:
    """Insert parcels to the shopper with their lines, and watches for those that must still arrive or be signed for."""
    if not parcels:
        return
    keyed = list(zip(reserve_keys(Parcel, len(parcels)), parcels, strict=True))
    direction = Parcel.Direction.OUTBOUND.value
    rows = [(key, order.pk, public_token(), direction, *parcel_values(parcel)) for key, (order, parcel) in keyed]
    copy_with_history(Parcel, PARCEL_COLUMNS, rows, now=batch.now, why=batch.change_reason)
    insert_parcel_lines([(key, order, parcel) for key, (order, parcel) in keyed])
    insert_watches([(key, parcel) for key, (_order, parcel) in keyed], batch)


def insert_parcel_lines(parcels: Sequence[tuple[int, SavedOrder, SentParcel]]) -> None:
    copy(
        ParcelLine,
        ("parcel_id", "order_line_id", "quantity"),
        ((key, order.line_keys[place], units) for key, order, parcel in parcels for place, units in parcel.items),
    )


def insert_watches(parcels: Sequence[tuple[int, SentParcel]], batch: Batch) -> None:
    """Insert watches for recent parcels; those of past years are skipped without building rows for them."""
    # ``watch_for`` makes no watch for a parcel before this time
    since = batch.now - max(RECENT, batch.terms.sign_within)
    recent = [
        (key, parcel) for key, parcel in parcels if (moment := parcel.delivered_at or parcel.sent_at) and moment > since
    ]
    watches = (watch_for(parcel_row(key, parcel), batch.terms, now=batch.now) for key, parcel in recent)
    Watch.objects.bulk_create([watch for watch in watches if watch], ignore_conflicts=True)


def insert_ratings(ratings: Sequence[Values]) -> None:
    """Insert ratings of the shop: tuples of order key, stars, words and time."""
    about = Rating.About.SHOP.value
    copy(Rating, RATING, ((order, about, *values) for order, *values in ratings))


def parcel_row(key: int, parcel: SentParcel) -> Parcel:
    """An unsaved ``Parcel`` with the fields that ``watch_for`` reads."""
    return Parcel(
        pk=key,
        direction=Parcel.Direction.OUTBOUND,
        tracking_number=parcel.number,
        shipped_at=parcel.sent_at,
        delivered_at=parcel.delivered_at,
    )


def _line_rows(orders: Sequence[SavedOrder]) -> Iterator[Values]:
    for order in orders:
        for key, values in zip(order.line_keys, order.prepared.rows.lines, strict=True):
            yield (key, order.pk, *values)


def _table_rows(orders: Sequence[SavedOrder], table: str) -> Iterator[Values]:
    return ((order.pk, *values) for order in orders for values in getattr(order.prepared.rows, table))
