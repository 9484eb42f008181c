"""Everything this floor keeps about one order, read by one question and laid out on the order itself."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from signoff.db.prepared.batch import QueryBatch, attach_prefetched
from signoff.models import (
    Discount,
    Discrepancy,
    Order,
    OrderAnomaly,
    OrderLine,
    Parcel,
    ParcelException,
    ParcelLine,
    Payment,
    Rating,
    ShippingCharge,
    SignOff,
    SignOffLine,
    SignOffNote,
    SignOffPhoto,
    TrackingEvent,
    Watch,
)

_ORDER = QueryBatch(
    lambda order: (
        *purchase_query(order),
        Discount.objects.filter(order=order).order_by("pk"),
        OrderAnomaly.objects.filter(order=order).order_by("pk"),
        Rating.objects.filter(order=order).select_related("parcel").order_by("given_at", "pk"),
        SignOff.objects.filter(order=order).select_related("parcel", "recorded_by").order_by("pk"),
        SignOffLine.objects.filter(sign_off__order=order).select_related("order_line").order_by("pk"),
        Discrepancy.objects.filter(line__sign_off__order=order).order_by("pk"),
        SignOffNote.objects.filter(sign_off__order=order).order_by("pk"),
        SignOffPhoto.objects.filter(sign_off__order=order).order_by("pk"),
    )
)


def prefetch_order(order: Order) -> Order:
    """Lay out lines, money, parcels with their way and contents, sign-offs with all they say, anomalies and ratings."""
    _parcels, found = attach_order_rows(order, _ORDER.all(order.pk))
    discounts, anomalies, ratings, sign_offs, counted, wrong, notes, photos = found
    own = {"discounts": discounts, "anomalies": anomalies, "ratings": ratings, "sign_offs": sign_offs}
    for name, rows in own.items():
        attach_prefetched([order], name, rows, by="order_id")
        for row in rows:
            row.order = order
    attach_prefetched(counted, "discrepancies", wrong, by="line_id")
    for name, rows in {"lines": counted, "notes": notes, "photos": photos}.items():
        attach_prefetched(sign_offs, name, rows, by="sign_off_id")
    return order


BOUGHT = ("lines", "shipping", "payments", "parcels")
IN_PARCELS = ("lines", "events", "exceptions")


def purchase_query(order: Any) -> tuple[QuerySet, ...]:
    """The questions for ``BOUGHT`` and, of its parcels, ``IN_PARCELS``; ``order`` is a key, or the slot of one."""
    return (
        OrderLine.objects.filter(order=order).order_by("position"),
        ShippingCharge.objects.filter(order=order).order_by("pk"),
        Payment.objects.filter(order=order).order_by("position"),
        Parcel.objects.filter(order=order).order_by("pk"),
        ParcelLine.objects.filter(parcel__order=order).select_related("order_line").order_by("pk"),
        TrackingEvent.objects.filter(parcel__order=order).order_by("occurred_at", "pk"),
        ParcelException.objects.filter(parcel__order=order).order_by("pk"),
    )


def attach_order_rows(order: Order, found: Sequence[list[Any]]) -> tuple[list[Parcel], Sequence[list[Any]]]:
    """Lay out the answers to ``of_order``; returns the parcels, and what was found beyond them."""
    for name, rows in zip(BOUGHT, found, strict=False):
        attach_prefetched([order], name, rows, by="order_id")
        for row in rows:
            row.order = order
    parcels = found[BOUGHT.index("parcels")]
    for name, rows in zip(IN_PARCELS, found[len(BOUGHT) :], strict=False):
        attach_prefetched(parcels, name, rows, by="parcel_id")
    return parcels, found[len(BOUGHT) + len(IN_PARCELS) :]


_PURCHASE = QueryBatch(
    lambda order: (
        *purchase_query(order),
        SignOff.objects.filter(parcel__order=order).order_by("pk"),
        Watch.objects.filter(parcel__order=order).order_by("pk"),
    )
)


def prefetch_purchase(order: Order) -> Order:
    """For the shopper: lines, charges, payments, and parcels with their contents, their way and who waits for them."""
    parcels, (sign_offs, watches) = attach_order_rows(order, _PURCHASE.all(order.pk))
    attach_prefetched(parcels, "sign_offs", sign_offs, by="parcel_id")
    waiting = {watch.parcel_id: watch for watch in watches}
    for parcel in parcels:
        parcel._state.fields_cache["watch"] = waiting.get(parcel.pk)  # what Django keeps of its answer
    return order
