"""The demo's parcels: contents, tracking events, and who signed for those of the past."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.demo.catalogue import DemoShop
from config.demo.delivery_words import EVENTS
from config.demo.orders import Making
from config.demo.places import LANDS
from config.demo.words import said
from signoff.carriers import Event
from signoff.db.history import save_with_history
from signoff.models import Order, Parcel, ParcelLine, TrackingEvent

Code, Harm = TrackingEvent.Code, TrackingEvent.Harm

#: per hundred parcels of a carrier: how many are late, and how many damaged
LATE: Mapping[str, int] = {"Hedgehog Couriers": 34, "Northparcel": 7, "Royal Swift": 3, "远山快递": 16}
HARMED: Mapping[str, int] = {"Hedgehog Couriers": 3, "远山快递": 20}
PROMISE = timedelta(days=3)

#: shares of the way, and the tracking event there
ONWARD = ((0.0, Code.REGISTERED), (0.15, Code.IN_TRANSIT))
HOME = (*ONWARD, (0.6, Code.IN_TRANSIT), (0.85, Code.OUT_FOR_DELIVERY), (1.0, Code.DELIVERED))
HARMED_HOME = (*ONWARD, (0.6, Harm.DAMAGED), (0.85, Code.OUT_FOR_DELIVERY), (1.0, Code.DELIVERED))

type Way = Sequence[tuple[float, str]]


def send(making: Making, order: Order, *, carrier: str, sent: datetime) -> Parcel:
    """The whole of an order in one parcel, on its way."""
    land, rng = LANDS[making.demo.country], making.rng
    parcel = Parcel(
        order=order,
        direction=Parcel.Direction.OUTBOUND,
        carrier=carrier,
        tracking_number=f"{making.demo.prefix[:2]}{rng.randrange(10**9, 10**10)}",
        shipped_at=sent,
        promised_on=(order.placed_at.astimezone(ZoneInfo(making.demo.time_zone)) + PROMISE).date(),
        warehouse=rng.choice(land.warehouses),
        seller=rng.choices(land.sellers, (4, 1))[0],
    )
    save_with_history(parcel, by=None, now=sent)
    ParcelLine.objects.bulk_create(
        ParcelLine(parcel=parcel, order_line=line, quantity=line.quantity) for line in order.lines.all()
    )
    return parcel


def send_past(making: Making, order: Order) -> Parcel:
    """A parcel that arrived long ago, with its tracking events."""
    rng = making.rng
    carrier = rng.choice(making.demo.carriers)
    sent = order.placed_at + timedelta(hours=rng.uniform(4, 26))
    late = rng.randrange(100) < LATE.get(carrier, 0)
    took = timedelta(days=rng.uniform(3.2, 5) if late else rng.uniform(0.6, 1.4))
    parcel = send(making, order, carrier=carrier, sent=sent)
    way = HARMED_HOME if rng.randrange(100) < HARMED.get(carrier, 0) else HOME
    TrackingEvent.objects.bulk_create(
        TrackingEvent(parcel=parcel, **_columns(event)) for event in news(making.demo, rng, way, sent, sent + took)
    )
    parcel.delivered_at = sent + took
    save_with_history(parcel, by=None, now=parcel.delivered_at)
    return parcel


def news(demo: DemoShop, rng: random.Random, way: Way, sent: datetime, ends: datetime) -> list[Event]:
    """What the carrier tells along ``way``, the last of it when it ``ends``."""
    return [_event(demo, rng, what, sent + (ends - sent) * share) for share, what in way]


def _event(demo: DemoShop, rng: random.Random, what: str, at: datetime) -> Event:
    harm = Harm(what) if what in Harm.values else None
    code = Code.EXCEPTION if harm else Code(what)
    place = "" if code in (Code.REGISTERED, Code.DELIVERED) else rng.choice(LANDS[demo.country].hubs)
    return Event(at, code, said(EVENTS[what], demo.language), place, harm)


def _columns(event: Event) -> dict[str, object]:
    facts = ("occurred_at", "code", "description", "place")
    return {name: getattr(event, name) for name in facts} | {"harm": event.harm or ""}
