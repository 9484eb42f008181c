"""Everything this floor keeps about one order, read by one question and laid out on the order itself."""

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
)
from signoff.together import lay_out, read_together


def open_order(order: Order) -> Order:
    """Lay out lines, money, parcels with their way and contents, sign-offs with all they say, anomalies and ratings."""
    own = {
        "lines": OrderLine.objects.filter(order=order).order_by("position"),
        "shipping": ShippingCharge.objects.filter(order=order).order_by("pk"),
        "discounts": Discount.objects.filter(order=order).order_by("pk"),
        "payments": Payment.objects.filter(order=order).order_by("position"),
        "parcels": Parcel.objects.filter(order=order).order_by("pk"),
        "anomalies": OrderAnomaly.objects.filter(order=order).order_by("pk"),
        "ratings": Rating.objects.filter(order=order).select_related("parcel").order_by("given_at", "pk"),
        "sign_offs": SignOff.objects.filter(order=order).select_related("parcel", "recorded_by").order_by("pk"),
    }
    found = read_together(*own.values(), *_of_parcels(order), *_of_sign_offs(order))
    rows = dict(zip(own, found, strict=False))
    for name, children in rows.items():
        lay_out([order], name, children, by="order_id")
        for child in children:
            child.order = order
    inside, events, troubles, counted, wrong, notes, photos = found[len(own) :]
    for name, children in (("lines", inside), ("events", events), ("exceptions", troubles)):
        lay_out(rows["parcels"], name, children, by="parcel_id")
    lay_out(counted, "discrepancies", wrong, by="line_id")
    for name, children in (("lines", counted), ("notes", notes), ("photos", photos)):
        lay_out(rows["sign_offs"], name, children, by="sign_off_id")
    return order


def _of_parcels(order: Order) -> tuple:
    return (
        ParcelLine.objects.filter(parcel__order=order).select_related("order_line").order_by("pk"),
        TrackingEvent.objects.filter(parcel__order=order).order_by("occurred_at", "pk"),
        ParcelException.objects.filter(parcel__order=order).order_by("pk"),
    )


def _of_sign_offs(order: Order) -> tuple:
    return (
        SignOffLine.objects.filter(sign_off__order=order).select_related("order_line").order_by("pk"),
        Discrepancy.objects.filter(line__sign_off__order=order).order_by("pk"),
        SignOffNote.objects.filter(sign_off__order=order).order_by("pk"),
        SignOffPhoto.objects.filter(sign_off__order=order).order_by("pk"),
    )
