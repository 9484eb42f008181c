"""Whose hands are on orders: rows locked before they are written, and rows that somebody counts on."""

from collections.abc import Collection

from django.db.models import Q

from signoff.models import Order, OrderLine, Parcel, Payment, ShippingCharge, SignOff, SignOffPhoto, Watch
from signoff.orders.in_use import built_upon


def lock_orders(orders: Collection[int]) -> None:
    """Lock what others count on and write to, in the house's order: payments, lines, orders, parcels."""
    for rows in (
        Payment.objects.filter(order__in=orders),
        OrderLine.objects.filter(order__in=orders),
        Order.objects.filter(pk__in=orders),
        Parcel.objects.filter(order__in=orders),
        Watch.objects.filter(parcel__order__in=orders),
    ):
        list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def held(orders: Collection[int]) -> set[int]:
    """Those of ``orders`` whose lines and amounts somebody counts on: a sign-off, a refund, a case."""
    if not orders:
        return set()
    taken = Q(returning__gt=0) | Q(returned__gt=0) | Q(refunded__gt=0)
    return built_upon(orders).union(
        OrderLine.objects.filter(taken, order__in=orders).order_by().values_list("order", flat=True),
        ShippingCharge.objects.filter(order__in=orders, refunded__gt=0).values_list("order", flat=True),
        SignOff.objects.filter(order__in=orders).values_list("order", flat=True),
        SignOffPhoto.objects.filter(parcel__order__in=orders).values_list("parcel__order", flat=True),
    )
