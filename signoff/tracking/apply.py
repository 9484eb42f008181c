"""What a carrier tells of a parcel, applied: its events, its dates, who waits for it, what is wrong with it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from signoff.carriers import Event, Told
from signoff.db.history import save_with_history
from signoff.models import DeliveryTerms, Parcel, TrackingEvent, Watch
from signoff.parcels.exceptions import report, settle_by_themselves
from signoff.parcels.progress import Journey, journey_of
from signoff.parcels.queries import _loose, called_alike
from signoff.parcels.terms import terms_of
from signoff.parcels.watch import watch as begin_to_watch
from signoff.signoffs.actions import sign_by_carrier
from signoff.tracking.events import keep_events

#: how far a carrier's clock may be wrong: the zone of its times is not always told
SLACK = timedelta(days=1)


def tell_all(told: Told, *, now: datetime) -> tuple[int, str]:
    """Tell every parcel that ``told`` is about: how many they are, and what could not be applied ("" for nothing)."""
    parcels = parcels_of(told)
    if not parcels:
        return 0, _("No parcel here has the number %(number)s.") % {"number": told.number}
    problems = [tell(parcel, told, now=now) for parcel in parcels]
    return len(parcels), next(filter(None, problems), "")


def parcels_of(told: Told) -> list[Parcel]:
    """The parcels with this number; where several carriers use it, those whose carrier is called alike."""
    numbers = {told.number, told.number.upper(), told.number.replace(" ", "")}
    found = list(Parcel.objects.filter(tracking_number__in=numbers).order_by("pk"))
    if len({_loose(parcel.carrier) for parcel in found}) < 2:
        return found
    return [parcel for parcel in found if called_alike(parcel.carrier, told.carrier)]


@transaction.atomic
def tell(parcel: Parcel, told: Told, *, now: datetime) -> str:
    """Apply ``told``; what was told before changes nothing. Returns why some of it was left out, or ""."""
    rows = Parcel.objects.select_for_update(of=["self"], no_key=True).select_related("order__shop")
    parcel = rows.get(pk=parcel.pk)
    watch = Watch.objects.select_for_update().filter(parcel=parcel).first()
    possible = [event for event in told.events if _is_possible(event, parcel, now)]
    events = keep_events(parcel, possible)
    journey = journey_of(events)
    before = parcel.shipped_at, parcel.delivered_at
    _date(parcel, journey, events, told, now)
    if watch is None and parcel.shipped_at and before[0] is None and not journey.returned_at:
        watch = begin_to_watch(parcel, now=now)
    if events:
        settle_by_themselves(parcel, journey, now=now)
    report(parcel, journey, watched=watch is not None, now=now)
    if watch:
        _wait(watch, parcel, journey, before[1], now)
    return "" if len(possible) == len(told.events) else _left_out(parcel)


def _is_possible(event: Event, parcel: Parcel, now: datetime) -> bool:
    return parcel.order.placed_at - SLACK <= event.occurred_at <= now + SLACK


def _left_out(parcel: Parcel) -> str:
    return _(
        "Events of %(number)s lie before its order was placed or in the future and were left out. "
        "Check whether the number is that of another parcel."
    ) % {"number": parcel.tracking_number}


def _date(parcel: Parcel, journey: Journey, events: Collection[TrackingEvent], told: Told, now: datetime) -> None:
    """Enter what the events say where nobody else has said it; with a history row where anything changes."""
    times = {event.occurred_at for event in events}
    said = {
        "shipped_at": _said_by_events(parcel.shipped_at, journey.sent_at, times),
        "delivered_at": _said_by_events(parcel.delivered_at, journey.delivered_at, times),
        "promised_on": parcel.promised_on or told.promised_on,
    }
    if any(getattr(parcel, name) != value for name, value in said.items()):
        for name, value in said.items():
            setattr(parcel, name, value)
        save_with_history(parcel, by=None, now=now, why="tracking")


def _said_by_events(known: datetime | None, found: datetime | None, times: Collection[datetime]) -> datetime | None:
    """``found``, unless what is known comes from somewhere else than events."""
    return found if known is None or known in times else known


def _wait(watch: Watch, parcel: Parcel, journey: Journey, before: datetime | None, now: datetime) -> None:
    """Go on waiting for the right thing: for news, for the shopper to sign, or for nothing more."""
    signs = parcel.direction != Parcel.Direction.RETURN
    if journey.returned_at or (parcel.delivered_at and not signs):
        watch.delete()
        return
    terms = terms_of(parcel.order.shop) if parcel.delivered_at else DeliveryTerms()
    newly, as_it_was = parcel.delivered_at is not None and watch.sign_due_at is None, vars(watch).copy()
    _set_clocks(watch, before, parcel.delivered_at, terms)
    if journey.heard_at:
        watch.heard_at = max(watch.heard_at, min(journey.heard_at, now))
    if vars(watch) != as_it_was:
        watch.save()
    if newly and terms.carrier_proof_signs:
        sign_by_carrier(parcel, at=parcel.delivered_at)


def _set_clocks(watch: Watch, before: datetime | None, delivered_at: datetime | None, terms: DeliveryTerms) -> None:
    """The timer counts from delivery, and moves with it; what pauses have added to it stays."""
    if delivered_at is None:
        watch.sign_due_at = watch.paused_at = None
    elif watch.sign_due_at is None:
        watch.sign_due_at, watch.next_poll_at = delivered_at + terms.sign_within, None
    elif before:
        watch.sign_due_at += delivered_at - before
