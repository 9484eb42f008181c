"""What a shopper hears about a parcel: what is wrong, what comes next, what the carrier said last."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from signoff.delivery import RECENT
from signoff.journey import Code, journey_of
from signoff.models import Parcel, TrackingEvent
from signoff.troubles import to_the_shopper

FRESH = timedelta(days=1)


@dataclass(frozen=True)
class News:
    """Sentences; ``events`` are the carrier's own, the newest first."""

    troubles: list[str]
    next: str
    events: list[TrackingEvent]


def news_of(parcel: Parcel, *, now: datetime | None = None) -> News:
    """For a parcel whose events, exceptions, sign-offs and watch are at hand."""
    events = sorted(parcel.events.all(), key=lambda event: (event.occurred_at, event.pk), reverse=True)
    wrong = [to_the_shopper(trouble, parcel) for trouble in parcel.exceptions.all() if trouble.settled_at is None]
    said = bool(wrong) and parcel.delivered_at is None  # what comes next stands in what is wrong
    over = bool(parcel.sign_offs.all()) or journey_of(events).returned_at is not None
    return News(wrong, "" if said or over else _next(parcel, events[:1], now or timezone.now()), events)


def _next(parcel: Parcel, newest: list[TrackingEvent], now: datetime) -> str:
    watch = getattr(parcel, "watch", None)
    if parcel.direction == Parcel.Direction.RETURN:
        return _of_a_return(parcel)
    if parcel.shipped_at is None and parcel.delivered_at is None:
        return _("It is being packed. As soon as it is sent, its way appears here.") if _is_new(parcel, now) else ""
    if watch is None:
        return ""  # of the past: nobody waits for it
    if watch.paused_at:
        return _("Look at it and sign for it. There is no hurry while your case is open.")
    if watch.sign_due_at:
        return _("Look at it and sign for it. On %(day)s it counts as accepted.") % {"day": _day(watch.sign_due_at)}
    return _on_its_way(parcel, newest, now)


def _of_a_return(parcel: Parcel) -> str:
    if parcel.delivered_at:
        return _("It is with us. We look at the goods and write to you.")
    return _("We write to you as soon as it is with us.") if parcel.shipped_at else ""


def _on_its_way(parcel: Parcel, newest: list[TrackingEvent], now: datetime) -> str:
    for event in newest:
        if event.code == Code.READY_FOR_PICKUP:
            place = event.place or _("the carrier’s shop")
            return _("It waits for you: %(place)s. Take the carrier’s note and an identity card.") % {"place": place}
        if event.code == Code.OUT_FOR_DELIVERY and event.occurred_at > now - FRESH:
            return _("It is on the van: it comes today, or on the next working day.")
    if parcel.promised_on:
        return _("It is to be with you by %(day)s.") % {"day": _day(parcel.promised_on)}
    return _("The carrier has it. Each of its steps appears here.")


def _is_new(parcel: Parcel, now: datetime) -> bool:
    return parcel.order.placed_at > now - RECENT


def _day(moment: date | datetime) -> str:
    return date_format(timezone.localtime(moment) if isinstance(moment, datetime) else moment, "DATE_FORMAT")
