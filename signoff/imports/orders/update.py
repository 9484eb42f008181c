"""Writes what is different about orders that are here, table by table."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q

from signoff.db.copy import Values
from signoff.db.history import history_model, history_row
from signoff.imports.orders.diff import ParcelMatch
from signoff.imports.orders.existing import ExistingOrder
from signoff.imports.orders.insert import (
    Batch,
    SavedOrder,
    insert_discounts,
    insert_parcel_lines,
    insert_parcels,
    insert_shipping,
    insert_watches,
)
from signoff.imports.orders.rows import DESTINATION, HEAD, LINE, PARCEL, PAYMENT, STATUS, PreparedOrder, parcel_values
from signoff.models import (
    Destination,
    Discount,
    Order,
    OrderLine,
    Parcel,
    ParcelException,
    ParcelLine,
    Payment,
    ShippingCharge,
    SignOff,
    Trouble,
    Watch,
)

BATCH_SIZE = 500
#: exceptions that are over when the parcel arrives
ENDED_BY_ARRIVAL = (Trouble.LATE, Trouble.SILENT, Trouble.LOST)


@dataclass(frozen=True, slots=True)
class OrderChange:
    """An order that is here and what a file says otherwise: the tables that differ, and its parcels."""

    told: PreparedOrder
    kept: ExistingOrder
    differs: frozenset[str]
    parcels: list[ParcelMatch]

    @property
    def status_differs(self) -> bool:
        return self.told.status != self.kept.status


@dataclass(frozen=True, slots=True)
class ParcelChange:
    """What is to be written of one parcel of an order."""

    order: SavedOrder
    parcel: ParcelMatch


def write_changes(changes: Sequence[OrderChange], customers: Sequence[int | None], of: Batch) -> list[SavedOrder]:
    """Bring the orders' rows up to date, each with its customer's key; parcels are another matter."""
    _write_lines([one for one in changes if "lines" in one.differs])
    _write_payments([one for one in changes if one.differs & {"payments", "refunded"}])
    placed = _reload_lines(changes)
    by_key = {one.key: one for one in placed}
    _delete_rows(ShippingCharge, changes, "shipping")
    insert_shipping([by_key[one.kept.pk] for one in changes if "shipping" in one.differs])
    discounted = [one for one in changes if one.differs & {"discounts", "lines"}]
    Discount.objects.filter(order__in=[one.kept.pk for one in discounted]).delete()
    insert_discounts([by_key[one.kept.pk] for one in discounted])
    _write_destinations([one for one in changes if "destination" in one.differs])
    _write_parcel_lines([one for one in changes if "lines" in one.differs], by_key)
    _write_orders(changes, customers, of)
    return placed


def _delete_rows(model: type[Model], changes: Sequence[OrderChange], table: str) -> None:
    keys = [one.kept.pk for one in changes if table in one.differs]
    model._default_manager.filter(order__in=keys).delete()


def _write_lines(changes: Sequence[OrderChange]) -> None:
    """Lines keep their keys by position; those that are no more go."""
    over = [key for one in changes for key in one.kept.line_keys[len(one.told.rows.lines) :]]
    ParcelLine.objects.filter(order_line__in=over).delete()
    Discount.lines.through.objects.filter(orderline__in=over).delete()
    OrderLine.objects.filter(pk__in=over).delete()
    _upsert(OrderLine, LINE, [(one.kept.pk, values) for one in changes for values in one.told.rows.lines])


def _write_payments(changes: Sequence[OrderChange]) -> None:
    over = [
        Q(order=one.kept.pk, position__gt=len(one.told.rows.payments))
        for one in changes
        if len(one.told.rows.payments) < len(one.kept.rows.payments)
    ]
    if over:
        Payment.objects.filter(reduce(or_, over)).delete()
    _upsert(Payment, PAYMENT, [(one.kept.pk, values) for one in changes for values in one.told.rows.payments])


def _upsert(model: type[Model], columns: Sequence[str], rows: Sequence[tuple[int, Values]]) -> None:
    """Write rows that are known by their order and position."""
    model._default_manager.bulk_create(
        [model(order_id=order, **dict(zip(columns, values, strict=True))) for order, values in rows],
        update_conflicts=True,
        unique_fields=["order", "position"],
        update_fields=[name for name in columns if name != "position"],
        batch_size=BATCH_SIZE,
    )


def _reload_lines(changes: Sequence[OrderChange]) -> list[SavedOrder]:
    lines: dict[int, list[int]] = {one.kept.pk: [] for one in changes}
    rows = OrderLine.objects.filter(order__in=lines).order_by("position").values_list("order_id", "pk")
    for order, key in rows:
        lines[order].append(key)
    return [SavedOrder(one.kept.pk, one.told, lines[one.kept.pk]) for one in changes]


def _write_destinations(changes: Sequence[OrderChange]) -> None:
    Destination.objects.bulk_create(
        [
            Destination(order_id=one.kept.pk, **dict(zip(DESTINATION, one.told.rows.destination, strict=True)))
            for one in changes
            if one.told.rows.destination
        ],
        update_conflicts=True,
        unique_fields=["order"],
        update_fields=DESTINATION,
        batch_size=BATCH_SIZE,
    )


def _write_parcel_lines(changes: Sequence[OrderChange], placed: dict[int, SavedOrder]) -> None:
    """What is in the parcels follows the lines, which may stand at other places now."""
    parcels: list[tuple[int, SavedOrder, Any]] = []
    for one in changes:
        for told, match in zip(one.told.parcels, one.parcels, strict=True):
            if match.kept and match.kept.sent.items and told.items:
                parcels.append((match.kept.pk, placed[one.kept.pk], told))
    ParcelLine.objects.filter(parcel__in=[key for key, _order, _told in parcels]).delete()
    insert_parcel_lines(parcels)


def _write_orders(changes: Sequence[OrderChange], customers: Sequence[int | None], of: Batch) -> None:
    rows = Order.objects.in_bulk([one.kept.pk for one in changes])
    for one, customer in zip(changes, customers, strict=True):
        row = rows[one.kept.pk]
        for name, value in zip((*HEAD, *STATUS), (*one.told.rows.head, *one.told.status), strict=True):
            if name != "external_id" or value:
                setattr(row, name, value)
        row.customer_id = row.customer_id if one.kept.erased else customer or row.customer_id
        row.source = of.source
    _save_orders(list(rows.values()), of)


def write_status(changes: Sequence[OrderChange], of: Batch) -> None:
    """The shop's own word for the state of orders that are the same otherwise."""
    rows = Order.objects.in_bulk([one.kept.pk for one in changes])
    for one in changes:
        row = rows[one.kept.pk]
        row.shop_status, row.is_cancelled = one.told.status
    _save_orders(list(rows.values()), of)


def _save_orders(rows: Sequence[Order], of: Batch) -> None:
    if rows:
        Order.objects.bulk_update(rows, [*HEAD, *STATUS, "customer", "source"], batch_size=BATCH_SIZE)
        history_model(Order).objects.bulk_create(  # type: ignore[attr-defined]
            [history_row(row, kind="~", by=None, now=of.now, why=of.why) for row in rows]
        )


def write_parcels(news: Sequence[ParcelChange], of: Batch) -> None:
    """Write new parcels, and news of those that are here; the caller has locked these."""
    insert_parcels([(one.order, one.parcel.now) for one in news if one.parcel.kept is None], of)
    known = [one for one in news if one.parcel.kept]
    if not known:
        return
    _update_parcels(known, of)
    opened = [one for one in known if one.parcel.kept and not one.parcel.kept.sent.items and one.parcel.now.items]
    insert_parcel_lines([(_parcel_key(one), one.order, one.parcel.now) for one in opened])
    _update_watches(known, of)


def _update_parcels(news: Sequence[ParcelChange], of: Batch) -> None:
    rows = Parcel.objects.in_bulk([_parcel_key(one) for one in news])
    for one in news:
        row = rows[_parcel_key(one)]
        for name, value in zip(PARCEL, parcel_values(one.parcel.now), strict=True):
            setattr(row, name, value)
    Parcel.objects.bulk_update(rows.values(), PARCEL, batch_size=BATCH_SIZE)
    history_model(Parcel).objects.bulk_create(  # type: ignore[attr-defined]
        [history_row(row, kind="~", by=None, now=of.now, why=of.why) for row in rows.values()]
    )


def _update_watches(news: Sequence[ParcelChange], of: Batch) -> None:
    """A parcel that has come waits to be signed for, or for nothing more; one just sent is watched from now on."""
    come = [one for one in news if one.parcel.has_come]
    keys = [_parcel_key(one) for one in come]
    signed = set(SignOff.objects.filter(parcel__in=keys).values_list("parcel", flat=True))
    Watch.objects.filter(parcel__in=keys).delete()
    just_sent = [one for one in news if one.parcel.kept and not one.parcel.kept.sent.sent_at]
    waited = {_parcel_key(one): one.parcel.now for one in (*come, *just_sent)}
    insert_watches([(key, parcel) for key, parcel in waited.items() if key not in signed], of)
    ParcelException.objects.open().filter(parcel__in=keys, kind__in=ENDED_BY_ARRIVAL).update(
        settled_at=of.now, settled_as=ParcelException.Settled.ARRIVED
    )


def _parcel_key(news: ParcelChange) -> int:
    return news.parcel.kept.pk if news.parcel.kept else 0
