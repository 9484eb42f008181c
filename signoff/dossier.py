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
from signoff.together import Together, lay_out

_OWN = ("lines", "shipping", "discounts", "payments", "parcels", "anomalies", "ratings", "sign_offs")
_ORDER = Together(
    lambda order: (
        OrderLine.objects.filter(order=order).order_by("position"),
        ShippingCharge.objects.filter(order=order).order_by("pk"),
        Discount.objects.filter(order=order).order_by("pk"),
        Payment.objects.filter(order=order).order_by("position"),
        Parcel.objects.filter(order=order).order_by("pk"),
        OrderAnomaly.objects.filter(order=order).order_by("pk"),
        Rating.objects.filter(order=order).select_related("parcel").order_by("given_at", "pk"),
        SignOff.objects.filter(order=order).select_related("parcel", "recorded_by").order_by("pk"),
        ParcelLine.objects.filter(parcel__order=order).select_related("order_line").order_by("pk"),
        TrackingEvent.objects.filter(parcel__order=order).order_by("occurred_at", "pk"),
        ParcelException.objects.filter(parcel__order=order).order_by("pk"),
        SignOffLine.objects.filter(sign_off__order=order).select_related("order_line").order_by("pk"),
        Discrepancy.objects.filter(line__sign_off__order=order).order_by("pk"),
        SignOffNote.objects.filter(sign_off__order=order).order_by("pk"),
        SignOffPhoto.objects.filter(sign_off__order=order).order_by("pk"),
    )
)


def open_order(order: Order) -> Order:
    """Lay out lines, money, parcels with their way and contents, sign-offs with all they say, anomalies and ratings."""
    found = _ORDER.all(order.pk)
    rows = dict(zip(_OWN, found, strict=False))
    for name, children in rows.items():
        lay_out([order], name, children, by="order_id")
        for child in children:
            child.order = order
    inside, events, troubles, counted, wrong, notes, photos = found[len(_OWN) :]
    for name, children in (("lines", inside), ("events", events), ("exceptions", troubles)):
        lay_out(rows["parcels"], name, children, by="parcel_id")
    lay_out(counted, "discrepancies", wrong, by="line_id")
    for name, children in (("lines", counted), ("notes", notes), ("photos", photos)):
        lay_out(rows["sign_offs"], name, children, by="sign_off_id")
    return order
