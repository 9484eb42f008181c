"""Updates stored orders that an import contains again.

What differs is written only while no case, refund or sign-off uses the order; status, parcels, ratings, names of
payments and the refunds that the shop reports always.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from signoff.imports.files.rejected import RejectedRow
from signoff.imports.orders.anomalies import update_anomalies
from signoff.imports.orders.customers import save_customers
from signoff.imports.orders.diff import (
    ALWAYS_WRITTEN,
    NAMES,
    REPORTED,
    changed_tables,
    closed_after_payment,
    contradicts_refunds,
    match_parcels,
    new_ratings,
)
from signoff.imports.orders.existing import ExistingOrder, existing_orders
from signoff.imports.orders.insert import Batch, SavedOrder, insert_ratings
from signoff.imports.orders.parsed import SoldOrder, reject_order
from signoff.imports.orders.rows import PreparedOrder
from signoff.imports.orders.shop_refunds import add_shop_refunds
from signoff.imports.orders.update import (
    OrderChange,
    ParcelChange,
    write_changes,
    write_parcels,
    write_payments,
    write_status,
)
from signoff.models import Order, OrderLine, Parcel, Payment, ShippingCharge, SignOff, SignOffPhoto, Watch
from signoff.orders.in_use import built_upon


@dataclass
class SyncResult:
    """Counts of changed and unchanged orders and of their anomalies, and the rows of rejected orders."""

    changed: int = 0
    unchanged: int = 0
    anomalies: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)


def sync_orders(stored_orders: Sequence[tuple[PreparedOrder, ExistingOrder]], batch: Batch) -> SyncResult:
    """Write what differs. Compares without locks first, then again under locks only the orders that seem to differ."""
    candidates = [(prepared, old.pk) for prepared, old in stored_orders if _has_changes(_compare(prepared, old))]
    result = SyncResult(unchanged=len(stored_orders) - len(candidates))
    if not candidates:
        return result
    lock_orders([key for _prepared, key in candidates])
    existing = existing_orders(batch.shop, [prepared.number for prepared, _key in candidates])
    changes = [_compare(prepared, existing[prepared.number]) for prepared, _key in candidates]
    in_use = orders_in_use([change.existing.pk for change in changes if change.changed_tables - ALWAYS_WRITTEN])
    in_use |= {change.existing.pk for change in changes if contradicts_refunds(change.prepared, change.existing)}
    rejected = {
        change.existing.pk
        for change in changes
        if change.existing.pk in in_use and change.changed_tables - ALWAYS_WRITTEN
    }
    for change in changes:
        if change.existing.pk in rejected:
            result.rejected += reject_order(change.prepared.order, in_use_text(change.prepared.order))
    _write([change for change in changes if change.existing.pk not in rejected], in_use, batch, result)
    return result


def lock_orders(orders: Collection[int]) -> None:
    """Row locks before an import writes, in the project's order: payments, lines, orders, parcels, watches.

    Every action that locks several of these tables keeps this order, or two of them could deadlock.
    """
    for rows in (
        Payment.objects.filter(order__in=orders),
        OrderLine.objects.filter(order__in=orders),
        Order.objects.filter(pk__in=orders),
        Parcel.objects.filter(order__in=orders),
        Watch.objects.filter(parcel__order__in=orders),
    ):
        # FOR NO KEY UPDATE: others may still insert rows that refer to these
        list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def orders_in_use(orders: Collection[int]) -> set[int]:
    """Keys of the orders whose lines and amounts must not change: a case, a refund or a sign-off uses them."""
    if not orders:
        return set()
    is_taken = Q(returning__gt=0) | Q(returned__gt=0) | Q(refunded__gt=0)
    return built_upon(orders).union(
        OrderLine.objects.filter(is_taken, order__in=orders).order_by().values_list("order", flat=True),
        ShippingCharge.objects.filter(order__in=orders, refunded__gt=0).values_list("order", flat=True),
        SignOff.objects.filter(order__in=orders).values_list("order", flat=True),
        SignOffPhoto.objects.filter(parcel__order__in=orders).values_list("parcel__order", flat=True),
    )


def _write(changes: Sequence[OrderChange], in_use: Collection[int], batch: Batch, result: SyncResult) -> None:
    """Write all rows of orders that are free, and status, parcels and ratings of all."""
    rewritten_keys = {
        change.existing.pk
        for change in changes
        if change.changed_tables - ALWAYS_WRITTEN and change.existing.pk not in in_use
    }
    rewritten = [change for change in changes if change.existing.pk in rewritten_keys]
    other_changes = [change for change in changes if change.existing.pk not in rewritten_keys]
    saved = write_changes(rewritten, save_customers([change.prepared.order for change in rewritten], batch.shop), batch)
    saved += [SavedOrder(change.existing.pk, change.prepared, change.existing.line_keys) for change in other_changes]
    write_status([change for change in other_changes if change.status_differs], batch)
    write_payments([change for change in other_changes if NAMES in change.changed_tables])
    reported = [change for change in changes if REPORTED in change.changed_tables]
    add_shop_refunds([(change.prepared, change.existing) for change in reported], now=batch.now)
    orders = {order.pk: order for order in saved}
    write_parcels(
        [
            ParcelChange(orders[change.existing.pk], parcel)
            for change in changes
            for parcel in change.parcels
            if parcel.has_changes
        ],
        batch,
    )
    insert_ratings(
        [
            (change.existing.pk, *rating)
            for change in changes
            for rating in new_ratings(change.prepared, change.existing)
        ]
    )
    compared = [
        (change.existing.pk, change.prepared)
        for change in changes
        if change.existing.pk in rewritten_keys or change.status_differs
    ]
    result.anomalies += update_anomalies(compared, batch.provides, now=batch.now)
    changed = sum(map(_has_changes, changes))
    result.changed += changed
    result.unchanged += len(changes) - changed


def _compare(prepared: PreparedOrder, existing: ExistingOrder) -> OrderChange:
    prepared = closed_after_payment(prepared, existing)
    return OrderChange(
        prepared, existing, changed_tables(prepared, existing), match_parcels(prepared.parcels, existing.parcels)
    )


def _has_changes(change: OrderChange) -> bool:
    """Whether the file differs from the database."""
    return bool(
        change.changed_tables
        or change.status_differs
        or any(parcel.has_changes for parcel in change.parcels)
        or new_ratings(change.prepared, change.existing)
    )


def in_use_text(order: SoldOrder) -> str:
    return _(
        "Order %(number)s already exists with other amounts, lines, payments or address. A case, refund or "
        "sign-off depends on it, so it was not changed. Resolve the difference on the order page."
    ) % {"number": order.number}
