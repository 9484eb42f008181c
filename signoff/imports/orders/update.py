"""Writes the differences of stored orders, table by table; the caller has locked the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q

from signoff.db.copy import Values
from signoff.db.history import history_model, history_row
from signoff.imports.orders.diff import NAMES, ParcelMatch
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
    ExceptionKind,
    Order,
    OrderLine,
    Parcel,
    ParcelException,
    ParcelLine,
    Payment,
    ShippingCharge,
    SignOff,
    Watch,
)

BATCH_SIZE = 500
#: exceptions that are over when the parcel arrives
ENDED_BY_ARRIVAL = (ExceptionKind.LATE, ExceptionKind.SILENT, ExceptionKind.LOST)


@dataclass(frozen=True, slots=True)
class OrderChange:
    """A stored order, the same order in the file, which tables differ, and its matched parcels."""

    prepared: PreparedOrder
    existing: ExistingOrder
    changed_tables: frozenset[str]
    parcels: list[ParcelMatch]

    @property
    def status_differs(self) -> bool:
        return self.prepared.status != self.existing.status


@dataclass(frozen=True, slots=True)
class ParcelChange:
    """A parcel to insert or update, with its order."""

    order: SavedOrder
    parcel: ParcelMatch


def write_changes(changes: Sequence[OrderChange], customers: Sequence[int | None], batch: Batch) -> list[SavedOrder]:
    """Write the rows of the orders. ``customers`` has a key for each; parcels are written by ``write_parcels``."""
    _write_lines([change for change in changes if "lines" in change.changed_tables])
    write_payments([change for change in changes if change.changed_tables & {"payments", NAMES}])
    saved = _reload_lines(changes)
    by_key = {order.pk: order for order in saved}
    _delete_rows(ShippingCharge, changes, "shipping")
    insert_shipping([by_key[change.existing.pk] for change in changes if "shipping" in change.changed_tables])
    discounted = [change for change in changes if change.changed_tables & {"discounts", "lines"}]
    Discount.objects.filter(order__in=[change.existing.pk for change in discounted]).delete()
    insert_discounts([by_key[change.existing.pk] for change in discounted])
    _write_destinations([change for change in changes if "destination" in change.changed_tables])
    _write_parcel_lines([change for change in changes if "lines" in change.changed_tables], by_key)
    _write_orders(changes, customers, batch)
    return saved


def _delete_rows(model: type[Model], changes: Sequence[OrderChange], table: str) -> None:
    keys = [change.existing.pk for change in changes if table in change.changed_tables]
    model._default_manager.filter(order__in=keys).delete()


def _write_lines(changes: Sequence[OrderChange]) -> None:
    """Update lines by position, which keeps their keys; delete those beyond the new end."""
    surplus = [key for change in changes for key in change.existing.line_keys[len(change.prepared.rows.lines) :]]
    # rows that refer to lines go before the lines
    ParcelLine.objects.filter(order_line__in=surplus).delete()
    Discount.lines.through.objects.filter(orderline__in=surplus).delete()
    OrderLine.objects.filter(pk__in=surplus).delete()
    _upsert(
        OrderLine, LINE, [(change.existing.pk, values) for change in changes for values in change.prepared.rows.lines]
    )


def write_payments(changes: Sequence[OrderChange]) -> None:
    """Update payments by position; delete those beyond the new end, of which nothing was refunded."""
    surplus = [
        Q(order=change.existing.pk, position__gt=len(change.prepared.rows.payments))
        for change in changes
        if len(change.prepared.rows.payments) < len(change.existing.rows.payments)
    ]
    if surplus:
        Payment.objects.filter(reduce(or_, surplus)).delete()
    _upsert(
        Payment,
        PAYMENT,
        [(change.existing.pk, values) for change in changes for values in change.prepared.rows.payments],
    )


def _upsert(model: type[Model], columns: Sequence[str], rows: Sequence[tuple[int, Values]]) -> None:
    """Insert or update rows by their unique order and position."""
    model._default_manager.bulk_create(
        [model(order_id=order, **dict(zip(columns, values, strict=True))) for order, values in rows],
        update_conflicts=True,
        unique_fields=["order", "position"],
        update_fields=[name for name in columns if name != "position"],
        batch_size=BATCH_SIZE,
    )


def _reload_lines(changes: Sequence[OrderChange]) -> list[SavedOrder]:
    lines: dict[int, list[int]] = {change.existing.pk: [] for change in changes}
    rows = OrderLine.objects.filter(order__in=lines).order_by("position").values_list("order_id", "pk")
    for order, key in rows:
        lines[order].append(key)
    return [SavedOrder(change.existing.pk, change.prepared, lines[change.existing.pk]) for change in changes]


def _write_destinations(changes: Sequence[OrderChange]) -> None:
    Destination.objects.bulk_create(
        [
            Destination(
                order_id=change.existing.pk, **dict(zip(DESTINATION, change.prepared.rows.destination, strict=True))
            )
            for change in changes
            if change.prepared.rows.destination
        ],
        update_conflicts=True,
        unique_fields=["order"],
        update_fields=DESTINATION,
        batch_size=BATCH_SIZE,
    )


def _write_parcel_lines(changes: Sequence[OrderChange], saved: dict[int, SavedOrder]) -> None:
    """Rewrite the parcels' items: the lines that they point to may have other positions now."""
    parcels: list[tuple[int, SavedOrder, Any]] = []
    for change in changes:
        for parcel, match in zip(change.prepared.parcels, change.parcels, strict=True):
            if match.existing and match.existing.values.items and parcel.items:
                parcels.append((match.existing.pk, saved[change.existing.pk], parcel))
    ParcelLine.objects.filter(parcel__in=[key for key, _order, _parcel in parcels]).delete()
    insert_parcel_lines(parcels)


def _write_orders(changes: Sequence[OrderChange], customers: Sequence[int | None], batch: Batch) -> None:
    rows = Order.objects.in_bulk([change.existing.pk for change in changes])
    for change, customer in zip(changes, customers, strict=True):
        row = rows[change.existing.pk]
        for name, value in zip((*HEAD, *STATUS), (*change.prepared.rows.head, *change.prepared.status), strict=True):
            if name != "external_id" or value:
                setattr(row, name, value)
        row.customer_id = row.customer_id if change.existing.erased else customer or row.customer_id
        row.source = batch.source
    _save_orders(list(rows.values()), batch)


def write_status(changes: Sequence[OrderChange], batch: Batch) -> None:
    """Write only the shop's own status. It never changes amounts, so orders in use are included."""
    rows = Order.objects.in_bulk([change.existing.pk for change in changes])
    for change in changes:
        row = rows[change.existing.pk]
        row.shop_status, row.is_cancelled = change.prepared.status
    _save_orders(list(rows.values()), batch)


def _save_orders(rows: Sequence[Order], batch: Batch) -> None:
    if rows:
        Order.objects.bulk_update(rows, [*HEAD, *STATUS, "customer", "source"], batch_size=BATCH_SIZE)
        history_model(Order)._default_manager.bulk_create(
            [history_row(row, kind="~", by=None, now=batch.now, why=batch.change_reason) for row in rows]
        )


def write_parcels(changes: Sequence[ParcelChange], batch: Batch) -> None:
    """Insert new parcels and update stored ones; the caller has locked these."""
    insert_parcels(
        [(change.order, change.parcel.merged) for change in changes if change.parcel.existing is None], batch
    )
    updates = [change for change in changes if change.parcel.existing]
    if not updates:
        return
    _update_parcels(updates, batch)
    filled = [
        change
        for change in updates
        if change.parcel.existing and not change.parcel.existing.values.items and change.parcel.merged.items
    ]
    insert_parcel_lines([(_parcel_key(change), change.order, change.parcel.merged) for change in filled])
    _update_watches(updates, batch)


def _update_parcels(changes: Sequence[ParcelChange], batch: Batch) -> None:
    rows = Parcel.objects.in_bulk([_parcel_key(change) for change in changes])
    for change in changes:
        row = rows[_parcel_key(change)]
        for name, value in zip(PARCEL, parcel_values(change.parcel.merged), strict=True):
            setattr(row, name, value)
    Parcel.objects.bulk_update(rows.values(), PARCEL, batch_size=BATCH_SIZE)
    history_model(Parcel)._default_manager.bulk_create(
        [history_row(row, kind="~", by=None, now=batch.now, why=batch.change_reason) for row in rows.values()]
    )


def _update_watches(changes: Sequence[ParcelChange], batch: Batch) -> None:
    """Watch delivered parcels until they are signed for, and parcels just sent until they arrive."""
    delivered = [change for change in changes if change.parcel.is_newly_delivered]
    keys = [_parcel_key(change) for change in delivered]
    signed = set(SignOff.objects.filter(parcel__in=keys).values_list("parcel", flat=True))
    Watch.objects.filter(parcel__in=keys).delete()
    just_sent = [change for change in changes if change.parcel.existing and not change.parcel.existing.values.sent_at]
    watched = {_parcel_key(change): change.parcel.merged for change in (*delivered, *just_sent)}
    insert_watches([(key, parcel) for key, parcel in watched.items() if key not in signed], batch)
    ParcelException.objects.open().filter(parcel__in=keys, kind__in=ENDED_BY_ARRIVAL).update(
        settled_at=batch.now, settled_as=ParcelException.Settled.ARRIVED
    )


def _parcel_key(change: ParcelChange) -> int:
    return change.parcel.existing.pk if change.parcel.existing else 0
