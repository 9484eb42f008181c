"""Parcels of the demo with their contents and tracking events."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.demo.catalogue import DemoShop
from config.demo.delivery_texts import EVENTS
from config.demo.orders import ShopContext
from config.demo.places import COUNTRIES
from config.demo.texts import text_in
from signoff.carriers import Event
from signoff.db.history import save_with_history
from signoff.models import Order, Parcel, ParcelLine, TrackingEvent

Code, Harm = TrackingEvent.Code, TrackingEvent.Harm

#: per hundred parcels of a carrier: how many are late, and how many damaged
LATE_PERCENT: Mapping[str, int] = {"Hedgehog Couriers": 34, "Northparcel": 7, "Royal Swift": 3, "远山快递": 16}
DAMAGED_PERCENT: Mapping[str, int] = {"Hedgehog Couriers": 3, "远山快递": 20}
DELIVERY_PROMISE = timedelta(days=3)

#: tracking events, each at a share of the time between dispatch and the last event
SHIPPED_ROUTE = ((0.0, Code.REGISTERED), (0.15, Code.IN_TRANSIT))
DELIVERED_ROUTE = (*SHIPPED_ROUTE, (0.6, Code.IN_TRANSIT), (0.85, Code.OUT_FOR_DELIVERY), (1.0, Code.DELIVERED))
DAMAGED_ROUTE = (*SHIPPED_ROUTE, (0.6, Harm.DAMAGED), (0.85, Code.OUT_FOR_DELIVERY), (1.0, Code.DELIVERED))

type Route = Sequence[tuple[float, str]]


def send_parcel(context: ShopContext, order: Order, *, carrier: str, sent: datetime) -> Parcel:
    """Send all items of an order in one parcel."""
    country, rng = COUNTRIES[context.demo.country], context.rng
    parcel = Parcel(
        order=order,
        direction=Parcel.Direction.OUTBOUND,
        carrier=carrier,
        tracking_number=f"{context.demo.prefix[:2]}{rng.randrange(10**9, 10**10)}",
        shipped_at=sent,
        promised_on=(order.placed_at.astimezone(ZoneInfo(context.demo.time_zone)) + DELIVERY_PROMISE).date(),
        warehouse=rng.choice(country.warehouses),
        seller=rng.choices(country.sellers, (4, 1))[0],
    )
    save_with_history(parcel, by=None, now=sent)
    ParcelLine.objects.bulk_create(
        ParcelLine(parcel=parcel, order_line=line, quantity=line.quantity) for line in order.lines.all()
    )
    return parcel


def send_past_parcel(context: ShopContext, order: Order) -> Parcel:
    """A parcel that arrived long ago, with its tracking events."""
    rng = context.rng
    carrier = rng.choice(context.demo.carriers)
    sent = order.placed_at + timedelta(hours=rng.uniform(4, 26))
    late = rng.randrange(100) < LATE_PERCENT.get(carrier, 0)
    took = timedelta(days=rng.uniform(3.2, 5) if late else rng.uniform(0.6, 1.4))
    parcel = send_parcel(context, order, carrier=carrier, sent=sent)
    route = DAMAGED_ROUTE if rng.randrange(100) < DAMAGED_PERCENT.get(carrier, 0) else DELIVERED_ROUTE
    TrackingEvent.objects.bulk_create(
        TrackingEvent(parcel=parcel, **_columns(event))
        for event in carrier_events(context.demo, rng, route, sent, sent + took)
    )
    parcel.delivered_at = sent + took
    save_with_history(parcel, by=None, now=parcel.delivered_at)
    return parcel


def carrier_events(demo: DemoShop, rng: random.Random, route: Route, sent: datetime, ends: datetime) -> list[Event]:
    """The carrier's events along ``route``, from ``sent`` to ``ends``."""
    return [_event(demo, rng, kind, sent + (ends - sent) * share) for share, kind in route]


def _event(demo: DemoShop, rng: random.Random, kind: str, at: datetime) -> Event:
    harm = Harm(kind) if kind in Harm.values else None
    code = Code.EXCEPTION if harm else Code(kind)
    place = "" if code in (Code.REGISTERED, Code.DELIVERED) else rng.choice(COUNTRIES[demo.country].hubs)
    return Event(at, code, text_in(EVENTS[kind], demo.language), place, harm)


def _columns(event: Event) -> dict[str, object]:
    columns = ("occurred_at", "code", "description", "place")
    return {name: getattr(event, name) for name in columns} | {"harm": event.harm or ""}
