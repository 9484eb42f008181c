"""What was bought with an order and how it travels, read by one question and laid out on the order itself."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from signoff.models import (
    Order,
    OrderLine,
    Parcel,
    ParcelException,
    ParcelLine,
    Payment,
    ShippingCharge,
    SignOff,
    TrackingEvent,
    Watch,
)
from signoff.together import Together, lay_out

BOUGHT = ("lines", "shipping", "payments", "parcels")
IN_PARCELS = ("lines", "events", "exceptions")


def of_order(order: Any) -> tuple[QuerySet, ...]:
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


def lay_out_order(order: Order, found: Sequence[list[Any]]) -> tuple[list[Parcel], Sequence[list[Any]]]:
    """Lay out the answers to ``of_order``; returns the parcels, and what was found beyond them."""
    for name, rows in zip(BOUGHT, found, strict=False):
        lay_out([order], name, rows, by="order_id")
        for row in rows:
            row.order = order
    parcels = found[BOUGHT.index("parcels")]
    for name, rows in zip(IN_PARCELS, found[len(BOUGHT) :], strict=False):
        lay_out(parcels, name, rows, by="parcel_id")
    return parcels, found[len(BOUGHT) + len(IN_PARCELS) :]


_PURCHASE = Together(
    lambda order: (
        *of_order(order),
        SignOff.objects.filter(parcel__order=order).order_by("pk"),
        Watch.objects.filter(parcel__order=order).order_by("pk"),
    )
)


def open_purchase(order: Order) -> Order:
    """For the shopper: lines, charges, payments, and parcels with their contents, their way and who waits for them."""
    parcels, (sign_offs, watches) = lay_out_order(order, _PURCHASE.all(order.pk))
    lay_out(parcels, "sign_offs", sign_offs, by="parcel_id")
    waiting = {watch.parcel_id: watch for watch in watches}
    for parcel in parcels:
        parcel._state.fields_cache["watch"] = waiting.get(parcel.pk)  # what Django keeps of its answer
    return order
