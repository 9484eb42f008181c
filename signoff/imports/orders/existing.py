"""What the database holds of the orders of a batch, in the columns in which files tell it: a few questions for all."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
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
    """A parcel to the shopper; ``sent.items`` are by place from 0, as in files."""

    pk: int
    sent: SentParcel


@dataclass(frozen=True, slots=True)
class ExistingOrder:
    """An order that is here. ``line_keys`` go with ``rows.lines``."""

    pk: int
    rows: OrderRows
    status: Values
    buyer: str
    mail: str
    erased: bool
    line_keys: list[int] = field(default_factory=list)
    parcels: list[ExistingParcel] = field(default_factory=list)
    ratings: list[tuple[int, datetime]] = field(default_factory=list)


def existing_orders(shop: Shop, numbers: Collection[str]) -> dict[str, ExistingOrder]:
    """Those of ``numbers`` that are here."""
    columns = ("number", "pk", "customer__external_id", "customer__email", "customer__erased_at", *HEAD, *STATUS)
    found = Order.objects.filter(shop=shop, number__in=numbers).values_list(*columns)
    kept: dict[str, ExistingOrder] = {}
    for number, key, buyer, mail, erased_at, *rest in found:
        head, status = tuple(rest[: len(HEAD)]), tuple(rest[len(HEAD) :])
        rows = OrderRows(head, lines=[], shipping=[], discounts=[], payments=[], destination=None)
        kept[number] = ExistingOrder(key, rows, status, buyer or "", mail or "", erased=bool(erased_at))
    return _with_related_rows(kept, {one.pk: number for number, one in kept.items()}) if kept else {}


def _with_related_rows(kept: dict[str, ExistingOrder], numbers: dict[int, str]) -> dict[str, ExistingOrder]:
    """With everything that hangs on the orders."""
    orders = list(numbers)
    lines, places = _lines(orders)
    shipping = _group_by_order(ShippingCharge.objects.filter(order__in=orders).order_by("pk"), SHIPPING)
    payments = _group_by_order(Payment.objects.filter(order__in=orders).order_by("position"), PAYMENT)
    going = dict(_values_by_order(Destination.objects.filter(order__in=orders), DESTINATION))
    ratings = _group_by_order(Rating.objects.filter(order__in=orders, sign_off=None), ("stars", "given_at"))
    discounts, parcels = _discounts(orders), _parcels(orders, places)
    for key, number in numbers.items():
        one = kept[number]
        rows = OrderRows(
            one.rows.head,
            [line for _key, line in lines[key]],
            shipping[key],
            discounts[key],
            payments[key],
            going.get(key),
        )
        keys = [line for line, _values in lines[key]]
        kept[number] = ExistingOrder(
            key, rows, one.status, one.buyer, one.mail, one.erased, keys, parcels[key], ratings[key]
        )
    return kept


def _values_by_order(rows: QuerySet, columns: Iterable[str]) -> Iterable[tuple[int, Values]]:
    return ((order, tuple(values)) for order, *values in rows.values_list("order_id", *columns))


def _group_by_order(rows: QuerySet, columns: Iterable[str]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for order, values in _values_by_order(rows, columns):
        found[order].append(values)
    return found


def _lines(orders: Collection[int]) -> tuple[defaultdict[int, list[tuple[int, Values]]], dict[int, int]]:
    """Keys and values of the lines by order, and at which place each line stands."""
    found: defaultdict[int, list[tuple[int, Values]]] = defaultdict(list)
    places: dict[int, int] = {}
    rows = OrderLine.objects.filter(order__in=orders).order_by("position")
    for key, order, *values in rows.values_list("pk", "order_id", *LINE):
        places[key] = len(found[order])
        found[order].append((key, tuple(values)))
    return found, places


def _discounts(orders: Collection[int]) -> defaultdict[int, list[Values]]:
    named = defaultdict[int, list[int]](list)
    through = Discount.lines.through.objects.filter(discount__order__in=orders)
    for discount, position in through.values_list("discount_id", "orderline__position"):
        named[discount].append(position)
    found: defaultdict[int, list[Values]] = defaultdict(list)
    rows = Discount.objects.filter(order__in=orders).order_by("pk").values_list("pk", "order_id", "code", "amount")
    for key, order, code, amount in rows:
        found[order].append((code, amount, tuple(sorted(named[key]))))
    return found


def _parcels(orders: Collection[int], places: dict[int, int]) -> defaultdict[int, list[ExistingParcel]]:
    inside = defaultdict[int, list[tuple[int, int]]](list)
    lines = ParcelLine.objects.filter(parcel__order__in=orders)
    for parcel, line, units in lines.values_list("parcel_id", "order_line_id", "quantity"):
        if line in places:  # a replacement may hold another order's line
            inside[parcel].append((places[line], units))
    found: defaultdict[int, list[ExistingParcel]] = defaultdict(list)
    rows = Parcel.objects.filter(order__in=orders, direction=Parcel.Direction.OUTBOUND).order_by("pk")
    for key, order, carrier, number, sent_at, promised_on, delivered_at, warehouse, seller in rows.values_list(
        "pk", "order_id", *PARCEL
    ):
        items = tuple(sorted(inside[key]))
        sent = SentParcel(carrier, number, sent_at, delivered_at, promised_on, items, seller, warehouse)
        found[order].append(ExistingParcel(key, sent))
    return found
