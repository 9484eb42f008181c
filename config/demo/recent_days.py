"""Simulate the last two weeks of the demo: events in the order of their time, and between them the workers."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from config.demo.delivery_steps import Delivery
from config.demo.orders import ShopContext
from config.demo.parcel_scenarios import ParcelScenario, assign_scenarios
from config.demo.parcels import DELIVERED_ROUTE, Route, carrier_events, send_parcel
from config.demo.stories import StoryStep
from feedback.parcel_notices.actions import notify_deliveries
from returns.intake.automatic.from_carrier import open_from_exceptions
from returns.intake.automatic.from_signoff import open_from_sign_offs
from signoff.carriers import Event, TrackingUpdate
from signoff.db.required import required
from signoff.models import Order, Parcel
from signoff.parcels.watch import watch
from signoff.signoffs.timer import sign_due
from signoff.tracking import overdue
from signoff.tracking.apply import apply_update

RECENT_DAYS = timedelta(days=14)
WORKER_INTERVAL = timedelta(hours=6)

type ScheduledEvent = tuple[datetime, Callable[[], object]]


@dataclass(frozen=True)
class Desk:
    """A shop with its staff, and the steps they took in cases about faults of past deliveries."""

    context: ShopContext
    staff: dict[str, User]
    fault_steps: Sequence[StoryStep] = ()

    @property
    def rng(self) -> random.Random:
        return self.context.rng


def send_recent_orders(desk: Desk, orders: Sequence[Order]) -> list[ScheduledEvent]:
    """Send the orders of the last days; returns the events of their parcels."""
    events: list[ScheduledEvent] = []
    for order, scenario in assign_scenarios(orders, today=desk.context.today):
        events += _send(desk, order, scenario)
    return events


def schedule_replacements(desk: Desk) -> list[ScheduledEvent]:
    """The events of replacement parcels, which arrive two days after they were sent."""
    sent = Parcel.objects.filter(direction=Parcel.Direction.REPLACEMENT, watch__isnull=False)
    events: list[ScheduledEvent] = []
    for parcel in sent.filter(order__shop=desk.context.shop).select_related("order__customer").order_by("pk"):
        events += _schedule_tracking(desk, parcel, DELIVERED_ROUTE, required(parcel.shipped_at) + timedelta(hours=46))
    return events


def run_events(
    events: Sequence[ScheduledEvent], *, until: datetime, between: Callable[[], None] = lambda: None
) -> None:
    """Run the events up to ``until`` in the order of their time.

    Every six hours of simulated time the workers run, and ``between`` is called after them.
    """
    hour = until - RECENT_DAYS
    for at, run in sorted(events, key=lambda event: event[0]):
        while hour < min(at, until):
            run_workers(hour)
            between()
            hour += WORKER_INTERVAL
        if at <= until:
            with transaction.atomic():
                run()
    run_workers(until)


def run_workers(now: datetime) -> None:
    """Run the scheduled jobs about deliveries once."""
    overdue.open_exceptions(now)
    notify_deliveries(now)
    open_from_exceptions(now)
    open_from_sign_offs(now)
    sign_due(now)


def _send(desk: Desk, order: Order, scenario: ParcelScenario) -> list[ScheduledEvent]:
    context, rng = desk.context, desk.rng
    jitter = rng.uniform(0.98, 1.02)
    ends = context.today - timedelta(days=scenario.ends * jitter)
    sent = min(order.placed_at + timedelta(hours=rng.uniform(4, 18)), ends - timedelta(hours=6))
    carriers = context.demo.carriers
    parcel = send_parcel(
        context, order, carrier=carriers[-1] if scenario.unreliable_carrier else rng.choice(carriers), sent=sent
    )
    watch(parcel, now=sent)
    events = _schedule_tracking(desk, parcel, scenario.route, ends)
    if step := scenario.step:
        delivery = Delivery(parcel, desk.staff, rng, context.today - timedelta(days=scenario.step_at * jitter))
        events.append((delivery.now, lambda: step(_reload_parcel(delivery))))
    return events


def _schedule_tracking(desk: Desk, parcel: Parcel, route: Route, ends: datetime) -> list[ScheduledEvent]:
    """Schedule the carrier's events along the route, each at its time."""
    events = carrier_events(desk.context.demo, desk.rng, route, required(parcel.shipped_at), ends)
    return [(event.occurred_at, _apply_later(parcel, event)) for event in events]


def _apply_later(parcel: Parcel, event: Event) -> Callable[[], object]:
    update = TrackingUpdate(parcel.tracking_number, parcel.carrier, events=(event,))
    return lambda: apply_update(parcel, update, now=event.occurred_at)


def _reload_parcel(delivery: Delivery) -> Delivery:
    """The delivery with its parcel as it is in the database now."""
    parcels = Parcel.objects.select_related("order__customer", "order__shop")
    return replace(delivery, parcel=parcels.get(pk=delivery.parcel.pk))
