"""What the shopper's page of an order shows, read by one question and laid out on the order itself."""

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

_PURCHASE = Together(
    lambda order: (
        OrderLine.objects.filter(order=order).order_by("position"),
        ShippingCharge.objects.filter(order=order).order_by("pk"),
        Payment.objects.filter(order=order).order_by("position"),
        Parcel.objects.filter(order=order).order_by("pk"),
        ParcelLine.objects.filter(parcel__order=order).select_related("order_line").order_by("pk"),
        TrackingEvent.objects.filter(parcel__order=order).order_by("occurred_at", "pk"),
        ParcelException.objects.filter(parcel__order=order).order_by("pk"),
        SignOff.objects.filter(parcel__order=order).order_by("pk"),
        Watch.objects.filter(parcel__order=order).order_by("pk"),
    )
)


def open_purchase(order: Order) -> Order:
    """Lay out lines, charges, payments, and parcels with their contents, their way and who waits for them."""
    lines, shipping, payments, parcels, contents, events, troubles, sign_offs, watches = _PURCHASE.all(order.pk)
    for name, rows in {"lines": lines, "shipping": shipping, "payments": payments, "parcels": parcels}.items():
        lay_out([order], name, rows, by="order_id")
    for name, rows in {"lines": contents, "events": events, "exceptions": troubles, "sign_offs": sign_offs}.items():
        lay_out(parcels, name, rows, by="parcel_id")
    waiting = {watch.parcel_id: watch for watch in watches}
    for parcel in parcels:
        parcel.order = order
        parcel._state.fields_cache["watch"] = waiting.get(parcel.pk)  # what Django keeps of its answer
    return order
