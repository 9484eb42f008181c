"""Loads the stored orders of a batch with their rows, in the same columns as an import's, in ten queries for all."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from signoff.db.copy import Values
from signoff.imports.orders.parsed import SentParcel
from signoff.imports.orders.rows import DESTINATION, HEAD, LINE, PARCEL, PAYMENT, SHIPPING, STATUS, OrderRows
from signoff.models import (
    Destination,
    Discount,
    Order,
    OrderLine,
    Parcel,
    ParcelLine,
    Payment,
    Rating,
    ShippingCharge,
    Shop,
)


@dataclass(frozen=True, slots=True)
class ExistingParcel:
    """A stored parcel to the shopper. ``values.items`` number the order's lines from 0, as files do."""

    pk: int
    values: SentParcel


@dataclass(frozen=True, slots=True)
class ExistingOrder:
    """A stored order. ``line_keys`` are the primary keys of ``rows.lines``, in the same order.

    ``reported`` and ``refunded`` are those of ``rows.payments``: what the shop reported, and all that went back.
    """

    pk: int
    rows: OrderRows
    status: Values
    buyer: str
    email: str
    erased: bool
    line_keys: list[int] = field(default_factory=list)
    parcels: list[ExistingParcel] = field(default_factory=list)
    ratings: list[tuple[int, datetime]] = field(default_factory=list)
    reported: list[Decimal] = field(default_factory=list)
    refunded: list[Decimal] = field(default_factory=list)


def existing_orders(shop: Shop, numbers: Collection[str]) -> dict[str, ExistingOrder]:
    """The shop's orders with these numbers, by number; numbers that are not stored are left out."""
    columns = ("number", "pk", "customer__external_id", "customer__email", "customer__erased_at", *HEAD, *STATUS)
    values = Order.objects.filter(shop=shop, number__in=numbers).values_list(*columns)
    orders: dict[str, ExistingOrder] = {}
    for number, key, buyer, email, erased_at, *rest in values:
        head, status = tuple(rest[: len(HEAD)]), tuple(rest[len(HEAD) :])
        rows = OrderRows(head, lines=[], shipping=[], discounts=[], payments=[], destination=None)
        orders[number] = ExistingOrder(key, rows, status, buyer or "", email or "", erased=bool(erased_at))
    return _with_related_rows(orders, {order.pk: number for number, order in orders.items()}) if orders else {}


def _with_related_rows(orders: dict[str, ExistingOrder], numbers: dict[int, str]) -> dict[str, ExistingOrder]:
    """The orders again, with the rows of their related tables."""
    order_keys = list(numbers)
    lines, places = _lines(order_keys)
    shipping = _group_by_order(ShippingCharge.objects.filter(order__in=order_keys).order_by("pk"), SHIPPING)
    columns = (*PAYMENT, "reported", "refunded")
    payments = _group_by_order(Payment.objects.filter(order__in=order_keys).order_by("position"), columns)
    destinations = dict(_values_by_order(Destination.objects.filter(order__in=order_keys), DESTINATION))
    # ratings with a sign-off were given on our own pages, not imported
    ratings = _group_by_order(Rating.objects.filter(order__in=order_keys, sign_off=None), ("stars", "given_at"))
    discounts, parcels = _discounts(order_keys), _parcels(order_keys, places)
    for key, number in numbers.items():
        order = orders[number]
        rows = OrderRows(
            order.rows.head,
            [line for _key, line in lines[key]],
            shipping[key],
            discounts[key],
            [payment[: len(PAYMENT)] for payment in payments[key]],
            destinations.get(key),
        )
        orders[number] = replace(
            order,
            rows=rows,
            line_keys=[line for line, _values in lines[key]],
            parcels=parcels[key],
            ratings=ratings[key],
            reported=[payment[-2] for payment in payments[key]],
            refunded=[payment[-1] for payment in payments[key]],
        )
    return orders


def _values_by_order(queryset: QuerySet, columns: Iterable[str]) -> Iterable[tuple[int, Values]]:
    return ((order, tuple(values)) for order, *values in queryset.values_list("order_id", *columns))


def _group_by_order(rows: QuerySet, columns: Iterable[str]) -> defaultdict[int, list[Any]]:
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for order, values in _values_by_order(rows, columns):
        groups[order].append(values)
    return groups


def _lines(orders: Collection[int]) -> tuple[defaultdict[int, list[tuple[int, Values]]], dict[int, int]]:
    """Keys and values of the lines by order, and the index of each line within its order."""
    lines: defaultdict[int, list[tuple[int, Values]]] = defaultdict(list)
    places: dict[int, int] = {}
    rows = OrderLine.objects.filter(order__in=orders).order_by("position")
    for key, order, *values in rows.values_list("pk", "order_id", *LINE):
        places[key] = len(lines[order])
        lines[order].append((key, tuple(values)))
    return lines, places


def _discounts(orders: Collection[int]) -> defaultdict[int, list[Values]]:
    positions = defaultdict[int, list[int]](list)
    through = Discount.lines.through.objects.filter(discount__order__in=orders)
    for discount, position in through.values_list("discount_id", "orderline__position"):
        positions[discount].append(position)
    discounts: defaultdict[int, list[Values]] = defaultdict(list)
    rows = Discount.objects.filter(order__in=orders).order_by("pk").values_list("pk", "order_id", "code", "amount")
    for key, order, code, amount in rows:
        discounts[order].append((code, amount, tuple(sorted(positions[key]))))
    return discounts


def _parcels(orders: Collection[int], places: dict[int, int]) -> defaultdict[int, list[ExistingParcel]]:
    contents = defaultdict[int, list[tuple[int, int]]](list)
    lines = ParcelLine.objects.filter(parcel__order__in=orders)
    for parcel, line, units in lines.values_list("parcel_id", "order_line_id", "quantity"):
        if line in places:  # a replacement parcel may contain another order's line
            contents[parcel].append((places[line], units))
    parcels: defaultdict[int, list[ExistingParcel]] = defaultdict(list)
    rows = Parcel.objects.filter(order__in=orders, direction=Parcel.Direction.OUTBOUND).order_by("pk")
    for key, order, carrier, number, sent_at, promised_on, delivered_at, warehouse, seller in rows.values_list(
        "pk", "order_id", *PARCEL
    ):
        items = tuple(sorted(contents[key]))
        stored = SentParcel(carrier, number, sent_at, delivered_at, promised_on, items, seller, warehouse)
        parcels[order].append(ExistingParcel(key, stored))
    return parcels
