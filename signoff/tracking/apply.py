"""Applies tracking updates to parcels: events, dates, watches (deadlines) and parcel exceptions."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from signoff.carriers import Event, TrackingUpdate
from signoff.db.history import save_with_history
from signoff.models import DeliveryTerms, Parcel, TrackingEvent, Watch
from signoff.parcels.exceptions import open_reported, settle_outdated
from signoff.parcels.numbers import normal_number
from signoff.parcels.progress import Journey, journey_of
from signoff.parcels.queries import fold_carrier, is_same_carrier
from signoff.parcels.terms import RECENT, terms_of
from signoff.parcels.watch import watch as begin_to_watch
from signoff.signoffs.actions import sign_by_carrier
from signoff.tracking.events import save_events

#: an event later than this after all that is known of a parcel is about another one: carriers use numbers again
LONGEST_SILENCE = timedelta(days=300)
#: how far a carrier's clock may be wrong: its times do not always have a zone
CLOCK_TOLERANCE = timedelta(days=1)


def apply_updates(update: TrackingUpdate, *, now: datetime) -> tuple[int, str]:
    """Apply ``update`` to all parcels with its number; returns how many, and what could not be applied or ""."""
    parcels = find_parcels(update)
    if not parcels:
        return 0, _("There is no parcel with the number %(number)s.") % {"number": update.number}
    ends = {parcel.pk: _next_journey(parcel, parcels) for parcel in parcels}
    placed = {event for parcel in parcels for event in _apply(parcel, update, until=ends[parcel.pk], now=now)}
    return len(parcels), "" if placed >= set(update.events) else _left_out_text(parcels[-1])


def find_parcels(update: TrackingUpdate) -> list[Parcel]:
    """The parcels with this number, written in any way; of several carriers that use it those with a similar name."""
    parcels = list(Parcel.objects.tracked(normal_number(update.number)).select_related("order").order_by("pk"))
    if len({fold_carrier(parcel.carrier) for parcel in parcels if parcel.carrier}) < 2:
        return parcels
    return [parcel for parcel in parcels if is_same_carrier(parcel.carrier, update.carrier)]


def _next_journey(parcel: Parcel, parcels: Collection[Parcel]) -> datetime | None:
    """When an order was placed whose parcel got the same number after this one had arrived."""
    arrived = parcel.delivered_at
    later = (other.order.placed_at for other in parcels if arrived and other.order.placed_at > arrived)
    return min(later, default=None)


def apply_update(parcel: Parcel, update: TrackingUpdate, *, now: datetime) -> str:
    """Apply ``update`` to one parcel; idempotent. Returns why some events were left out, or ""."""
    possible = _apply(parcel, update, until=None, now=now)
    return "" if len(possible) == len(update.events) else _left_out_text(parcel)


@transaction.atomic
def _apply(parcel: Parcel, update: TrackingUpdate, *, until: datetime | None, now: datetime) -> list[Event]:
    """Apply the events that can be about this parcel, and return them; those since ``until`` are of a later one.

    Locks the parcel before its watch, in the order of ``imports.orders.sync.lock_orders``.
    """
    rows = Parcel.objects.select_for_update(of=["self"], no_key=True).select_related("order__shop")
    parcel = rows.get(pk=parcel.pk)
    watch = Watch.objects.select_for_update().filter(parcel=parcel).first()
    # carriers reuse numbers: events of an earlier parcel must not deliver this one
    stored = list(parcel.events.all())
    possible = _possible_events(update, parcel, stored, until, now)
    events = save_events(parcel, possible, stored=stored)
    journey = journey_of(events)
    dates_before = parcel.shipped_at, parcel.delivered_at
    _update_dates(parcel, journey, events, update, now)
    if watch is None and parcel.shipped_at and dates_before[0] is None and not journey.returned_at:
        watch = begin_to_watch(parcel, now=now)
    if events:
        settle_outdated(parcel, journey, now=now)
    is_first_news = dates_before[0] is None and journey.heard_at is not None and journey.heard_at > now - RECENT
    open_reported(parcel, journey, watched=watch is not None or is_first_news, now=now)
    if watch:
        _update_watch(watch, parcel, journey, dates_before[1], now)
    return possible


def _possible_events(
    update: TrackingUpdate, parcel: Parcel, stored: Collection[TrackingEvent], until: datetime | None, now: datetime
) -> list[Event]:
    """The events that can be about this parcel: neither before its order, nor in the future, nor of a later journey."""
    first, last = parcel.order.placed_at - CLOCK_TOLERANCE, now + CLOCK_TOLERANCE
    known = [parcel.order.placed_at, parcel.shipped_at, parcel.delivered_at, *(event.occurred_at for event in stored)]
    latest = max(at for at in known if at)
    possible = []
    for event in update.events:
        is_of_later = until is not None and event.occurred_at >= until
        if first <= event.occurred_at <= min(last, latest + LONGEST_SILENCE) and not is_of_later:
            possible.append(event)
            latest = max(latest, event.occurred_at)
    return possible


def _left_out_text(parcel: Parcel) -> str:
    return _(
        "Some tracking events of %(number)s are dated before the order, long after the parcel or in the future and "
        "were ignored. Check whether the number belongs to another parcel."
    ) % {"number": parcel.tracking_number}


def _update_dates(
    parcel: Parcel, journey: Journey, events: Collection[TrackingEvent], update: TrackingUpdate, now: datetime
) -> None:
    """Set dates from the events, unless they come from elsewhere; writes a history row if any changes."""
    times = {event.occurred_at for event in events}
    values = {
        "shipped_at": _date_from_events(parcel.shipped_at, journey.sent_at, times),
        "delivered_at": _date_from_events(parcel.delivered_at, journey.delivered_at, times),
        "promised_on": parcel.promised_on or update.promised_on,
    }
    if any(getattr(parcel, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(parcel, name, value)
        save_with_history(parcel, by=None, now=now, why="tracking")


def _date_from_events(
    stored: datetime | None, from_events: datetime | None, times: Collection[datetime]
) -> datetime | None:
    """The date from the events, unless the stored one comes from another source (an import, a person)."""
    return from_events if stored is None or stored in times else stored


def _update_watch(
    watch: Watch, parcel: Parcel, journey: Journey, delivered_before: datetime | None, now: datetime
) -> None:
    """Set what the watch waits for next: tracking events or the sign-off; delete it if nothing is left to wait for."""
    needs_signature = parcel.direction != Parcel.Direction.RETURN
    if journey.returned_at or (parcel.delivered_at and not needs_signature):
        watch.delete()
        return
    terms = terms_of(parcel.order.shop) if parcel.delivered_at else DeliveryTerms()
    is_newly_delivered = parcel.delivered_at is not None and watch.sign_due_at is None
    values_before = vars(watch).copy()
    _set_deadlines(watch, delivered_before, parcel.delivered_at, terms)
    if journey.heard_at:
        watch.heard_at = max(watch.heard_at, min(journey.heard_at, now))
    if vars(watch) != values_before:
        watch.save()
    if is_newly_delivered and parcel.delivered_at and terms.carrier_proof_signs:
        sign_by_carrier(parcel, at=parcel.delivered_at)


def _set_deadlines(
    watch: Watch, delivered_before: datetime | None, delivered_at: datetime | None, terms: DeliveryTerms
) -> None:
    """The sign-off deadline counts from delivery and moves with it; time that pauses have added is kept."""
    if delivered_at is None:
        watch.sign_due_at = watch.paused_at = None
    elif watch.sign_due_at is None:
        watch.sign_due_at, watch.next_poll_at = delivered_at + terms.sign_within, None
    elif delivered_before:
        watch.sign_due_at += delivered_at - delivered_before
