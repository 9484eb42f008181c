"""Orders that a search finds, and everything about one order by one SQL statement."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.http import QueryDict

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
from signoff.web.access import may_see_amounts
from signoff.web.keyset import Page, Sift, page_by_key


def find_orders(words: str, *, user: User | AnonymousUser, query: QueryDict, size: int | None = None) -> Page:
    """The page of ``query`` of the orders that match ``words``, newest first; of all orders without words."""
    rows, sift = matching_orders(words, user=user)
    load = Order.objects.for_desk_list()
    return page_by_key(rows, key="-placed_at", query=query, size=size, load=load, sift=sift)


def matching_orders(words: str, *, user: User | AnonymousUser) -> tuple[QuerySet[Order], Sift | None]:
    """The orders that match ``words``, or all orders and a condition without an index (``page_by_key``)."""
    search = Order.objects.search_indexes_with_phones if may_see_amounts(user) else Order.objects.search_indexes
    matches = search(words) if words else None
    sift = matches.matching if matches and matches.is_broad else None
    return (matches.matching(Order.objects.all()) if matches and not sift else Order.objects.all()), sift


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
    """Prefetch lines, payments, parcels, sign-offs, anomalies and ratings for the desk's page."""
    _parcels, further = attach_order_rows(order, _ORDER.all(order.pk))
    discounts, anomalies, ratings, sign_offs, counted, wrong, notes, photos = further
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
    """Querysets for ``BOUGHT`` and, of its parcels, ``IN_PARCELS``; ``order`` is a key or a ``QueryBatch`` slot."""
    return (
        OrderLine.objects.filter(order=order).order_by("position"),
        ShippingCharge.objects.filter(order=order).order_by("pk"),
        Payment.objects.filter(order=order).order_by("position"),
        Parcel.objects.filter(order=order).order_by("pk"),
        ParcelLine.objects.filter(parcel__order=order).select_related("order_line").order_by("pk"),
        TrackingEvent.objects.filter(parcel__order=order).order_by("occurred_at", "pk"),
        ParcelException.objects.filter(parcel__order=order).order_by("pk"),
    )


def attach_order_rows(order: Order, batches: Sequence[list[Any]]) -> tuple[list[Parcel], Sequence[list[Any]]]:
    """Attach the rows of ``purchase_query``; returns the parcels, and the rows of further querysets."""
    for name, rows in zip(BOUGHT, batches, strict=False):
        attach_prefetched([order], name, rows, by="order_id")
        for row in rows:
            row.order = order
    parcels = batches[BOUGHT.index("parcels")]
    for name, rows in zip(IN_PARCELS, batches[len(BOUGHT) :], strict=False):
        attach_prefetched(parcels, name, rows, by="parcel_id")
    return parcels, batches[len(BOUGHT) + len(IN_PARCELS) :]


_PURCHASE = QueryBatch(
    lambda order: (
        *purchase_query(order),
        SignOff.objects.filter(parcel__order=order).order_by("pk"),
        Watch.objects.filter(parcel__order=order).order_by("pk"),
    )
)


def prefetch_purchase(order: Order) -> Order:
    """Prefetch lines, charges, payments and parcels with contents, events and watches for the shopper's page."""
    parcels, (sign_offs, watches) = attach_order_rows(order, _PURCHASE.all(order.pk))
    attach_prefetched(parcels, "sign_offs", sign_offs, by="parcel_id")
    waiting = {watch.parcel_id: watch for watch in watches}
    for parcel in parcels:
        parcel._state.fields_cache["watch"] = waiting.get(parcel.pk)  # as select_related sets it, None included
    return order
