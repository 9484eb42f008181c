"""Everything this floor keeps about one order, read by one question and laid out on the order itself."""

from signoff.bought import lay_out_order, of_order
from signoff.models import (
    Discount,
    Discrepancy,
    Order,
    OrderAnomaly,
    Rating,
    SignOff,
    SignOffLine,
    SignOffNote,
    SignOffPhoto,
)
from signoff.together import Together, lay_out

_ORDER = Together(
    lambda order: (
        *of_order(order),
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


def open_order(order: Order) -> Order:
    """Lay out lines, money, parcels with their way and contents, sign-offs with all they say, anomalies and ratings."""
    _parcels, found = lay_out_order(order, _ORDER.all(order.pk))
    discounts, anomalies, ratings, sign_offs, counted, wrong, notes, photos = found
    own = {"discounts": discounts, "anomalies": anomalies, "ratings": ratings, "sign_offs": sign_offs}
    for name, rows in own.items():
        lay_out([order], name, rows, by="order_id")
        for row in rows:
            row.order = order
    lay_out(counted, "discrepancies", wrong, by="line_id")
    for name, rows in {"lines": counted, "notes": notes, "photos": photos}.items():
        lay_out(sign_offs, name, rows, by="sign_off_id")
    return order
