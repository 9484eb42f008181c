"""The last days of the demo, lived through: what happens at its hour, and every few hours what a worker does."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from config.demo.fates import Fate, deal
from config.demo.orders import Making
from config.demo.parcels import HOME, Way, news, send
from config.demo.receiving import Delivery
from config.demo.stories import Deed
from feedback.parcel_notices.actions import tell_deliveries
from returns.intake.automatic.from_carrier import open_from_exceptions
from returns.intake.automatic.from_signoff import open_from_sign_offs
from signoff.carriers import Event, TrackingUpdate
from signoff.db.required import required
from signoff.models import Order, Parcel
from signoff.parcels.watch import watch
from signoff.signoffs.timer import sign_due
from signoff.tracking import overdue
from signoff.tracking.apply import apply_update

LATELY = timedelta(days=14)
SWEEP = timedelta(hours=6)

type Happening = tuple[datetime, Callable[[], object]]


@dataclass(frozen=True)
class Desk:
    """A shop in the making, who works there, and what they did about what was wrong with parcels of the past."""

    making: Making
    staff: dict[str, User]
    put_right: Sequence[Deed] = ()

    @property
    def rng(self) -> random.Random:
        return self.making.rng


def send_lately(desk: Desk, orders: Sequence[Order]) -> list[Happening]:
    """Send the orders of the last days; returns what will happen to their parcels."""
    coming: list[Happening] = []
    for order, fate in deal(orders, today=desk.making.today):
        coming += _send(desk, order, fate)
    return coming


def expect_replacements(desk: Desk) -> list[Happening]:
    """Goods that were sent again arrive two days later."""
    sent = Parcel.objects.filter(direction=Parcel.Direction.REPLACEMENT, watch__isnull=False)
    coming: list[Happening] = []
    for parcel in sent.filter(order__shop=desk.making.shop).select_related("order__customer").order_by("pk"):
        coming += _followed(desk, parcel, HOME, required(parcel.shipped_at) + timedelta(hours=46))
    return coming


def live(coming: Sequence[Happening], *, until: datetime, between: Callable[[], None] = lambda: None) -> None:
    """Let it all happen in its order, with the worker's sweeps between, and ``between`` after each of them."""
    hour = until - LATELY
    for at, happening in sorted(coming, key=lambda pair: pair[0]):
        while hour < min(at, until):
            sweep(hour)
            between()
            hour += SWEEP
        if at <= until:
            with transaction.atomic():
                happening()
    sweep(until)


def sweep(now: datetime) -> None:
    """What the workers do all day about deliveries."""
    overdue.open_exceptions(now)
    tell_deliveries(now)
    open_from_exceptions(now)
    open_from_sign_offs(now)
    sign_due(now)


def _send(desk: Desk, order: Order, fate: Fate) -> list[Happening]:
    making, rng = desk.making, desk.rng
    jitter = rng.uniform(0.98, 1.02)
    ends = making.today - timedelta(days=fate.ends * jitter)
    sent = min(order.placed_at + timedelta(hours=rng.uniform(4, 18)), ends - timedelta(hours=6))
    carriers = making.demo.carriers
    parcel = send(making, order, carrier=carriers[-1] if fate.fails else rng.choice(carriers), sent=sent)
    watch(parcel, now=sent)
    coming = _followed(desk, parcel, fate.way, ends)
    if does := fate.does:
        delivery = Delivery(parcel, desk.staff, rng, making.today - timedelta(days=fate.then * jitter))
        coming.append((delivery.now, lambda: does(_fresh(delivery))))
    return coming


def _followed(desk: Desk, parcel: Parcel, way: Way, ends: datetime) -> list[Happening]:
    """The carrier's news, each at its time."""
    events = news(desk.making.demo, desk.rng, way, required(parcel.shipped_at), ends)
    return [(event.occurred_at, _telling(parcel, event)) for event in events]


def _telling(parcel: Parcel, event: Event) -> Callable[[], object]:
    update = TrackingUpdate(parcel.tracking_number, parcel.carrier, events=(event,))
    return lambda: apply_update(parcel, update, now=event.occurred_at)


def _fresh(delivery: Delivery) -> Delivery:
    """With the parcel as it is by then."""
    found = Parcel.objects.select_related("order__customer", "order__shop")
    return replace(delivery, parcel=found.get(pk=delivery.parcel.pk))
