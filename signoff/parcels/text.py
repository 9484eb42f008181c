"""Texts about a parcel: exceptions for desk and shopper, its next step for the shopper."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from signoff.models import ExceptionKind, Parcel, ParcelException, TrackingEvent
from signoff.parcels.contents import is_settled
from signoff.parcels.progress import Code, journey_of
from signoff.parcels.terms import RECENT
from signoff.web.formatting import NONE, day, exact

RECENT_UPDATE = timedelta(days=1)


@dataclass(frozen=True)
class ParcelStatus:
    """What the shopper reads about a parcel: sentences, and tracking events with the newest first."""

    warnings: list[str]
    next: str
    events: list[TrackingEvent]


def parcel_status(parcel: Parcel, *, now: datetime | None = None) -> ParcelStatus:
    """The status of a parcel whose events, exceptions, sign-offs and watch are prefetched."""
    events = sorted(parcel.events.all(), key=lambda event: (event.occurred_at, event.pk), reverse=True)
    warnings = [
        shopper_text(exception, parcel) for exception in parcel.exceptions.all() if exception.settled_at is None
    ]
    # before delivery the text of an exception says what comes next
    is_explained = bool(warnings) and parcel.delivered_at is None
    is_over = bool(parcel.sign_offs.all()) or journey_of(events).returned_at is not None
    return ParcelStatus(
        warnings, "" if is_explained or is_over else _next_step(parcel, events[:1], now or timezone.now()), events
    )


def _next_step(parcel: Parcel, newest: list[TrackingEvent], now: datetime) -> str:
    watch = getattr(parcel, "watch", None)
    if parcel.direction == Parcel.Direction.RETURN:
        return _next_step_of_return(parcel)
    if parcel.shipped_at is None and parcel.delivered_at is None:
        return _("We're packing your parcel. Tracking will appear here once it's sent.") if _is_new(parcel, now) else ""
    if parcel.delivered_at and is_settled(parcel):
        return _("Everything in it has been settled with your request. You don't need to do anything.")
    if watch is None:
        return ""  # too old to be watched
    if watch.paused_at:
        return _("Please check it and sign for it. There's no rush while your request is open.")
    if watch.sign_due_at:
        return _("Please check it and sign for it. Otherwise it is signed for automatically on %(day)s.") % {
            "day": exact(watch.sign_due_at, parcel.order.shop.time_zone)
        }
    return _next_step_in_transit(parcel, newest, now)


def _next_step_of_return(parcel: Parcel) -> str:
    if parcel.delivered_at:
        return _("We've received it. We'll inspect the items and get back to you.")
    return _("We'll let you know as soon as it reaches us.") if parcel.shipped_at else ""


def _next_step_in_transit(parcel: Parcel, newest: list[TrackingEvent], now: datetime) -> str:
    for event in newest:
        if event.code == Code.READY_FOR_PICKUP:
            place = event.place or _("the carrier's pick-up point")
            return _("Ready for pick-up: %(place)s. Bring the carrier's notice and an identity card.") % {
                "place": place
            }
        if event.code == Code.OUT_FOR_DELIVERY and event.occurred_at > now - RECENT_UPDATE:
            return _("Out for delivery: it should arrive today or on the next working day.")
    if parcel.promised_on:
        return _("Expected by %(day)s.") % {"day": date_format(parcel.promised_on, "DATE_FORMAT")}
    return _("The carrier has your parcel. Updates will appear here.")


def _is_new(parcel: Parcel, now: datetime) -> bool:
    return parcel.order.placed_at > now - RECENT


Direction = Parcel.Direction
#: short labels, because all five tabs share a row
TAB_LABELS: dict[str, str | Promise] = {
    ExceptionKind.LATE: pgettext_lazy("parcels", "Late"),
    ExceptionKind.SILENT: pgettext_lazy("parcels", "No updates"),
    ExceptionKind.RETURNED: pgettext_lazy("parcels", "Returned"),
    ExceptionKind.DAMAGED: pgettext_lazy("parcels", "Damaged"),
    ExceptionKind.LOST: pgettext_lazy("parcels", "Lost"),
}
DESK_TEXTS: dict[str, str | Promise] = {
    ExceptionKind.LATE: gettext_lazy(
        "Promised by %(promised)s, not yet delivered. Ask the carrier and tell the shopper the new date."
    ),
    ExceptionKind.SILENT: gettext_lazy("No updates since %(since)s. Ask the carrier where it is."),
    ExceptionKind.RETURNED: gettext_lazy(
        "The carrier is returning it. Ask the shopper for a new address, or refund it once it is back."
    ),
    ExceptionKind.DAMAGED: gettext_lazy(
        "The carrier reports damage. Ask the shopper for photos on arrival, or send it again."
    ),
    ExceptionKind.LOST: gettext_lazy(
        "The carrier has lost it. Send it again or refund it, and claim compensation from the carrier."
    ),
}
DESK_TEXTS_OF_RETURNS: dict[str, str | Promise] = {
    ExceptionKind.LATE: gettext_lazy("The return was due on %(promised)s and hasn't arrived. Ask the carrier."),
    ExceptionKind.RETURNED: gettext_lazy(
        "The carrier is taking the return back to the shopper. Ask them to send it again."
    ),
    ExceptionKind.DAMAGED: gettext_lazy(
        "The carrier reports damage to a return. Tell the inspection bench what to look for."
    ),
    ExceptionKind.LOST: gettext_lazy(
        "The carrier has lost a return. Decide its case and claim compensation from the carrier."
    ),
}
SHOPPER_TEXTS: dict[str, str | Promise] = {
    ExceptionKind.LATE: gettext_lazy(
        "It should have reached you by %(promised)s. We're sorry. We're asking the carrier; you don't need to do "
        "anything."
    ),
    ExceptionKind.SILENT: gettext_lazy(
        "The carrier hasn't sent us any updates for some days. We're asking where your parcel is; you don't need "
        "to do anything."
    ),
    ExceptionKind.RETURNED: gettext_lazy(
        "The carrier is returning it to us. We'll write to you about what happens next."
    ),
    ExceptionKind.DAMAGED: gettext_lazy(
        "The carrier reports that it was damaged in transit. Please check it carefully before you sign for it."
    ),
    ExceptionKind.LOST: gettext_lazy(
        "The carrier reports that it is lost. We're sorry. We'll write to you about what happens next."
    ),
}
SHOPPER_TEXTS_OF_RETURNS: dict[str, str | Promise] = {
    ExceptionKind.LATE: gettext_lazy(
        "It should have reached us by %(promised)s. Please keep your proof of posting; we're asking the carrier."
    ),
    ExceptionKind.SILENT: gettext_lazy(
        "The carrier hasn't sent us any updates for some days. Please keep your proof of posting; we're asking."
    ),
    ExceptionKind.RETURNED: gettext_lazy(
        "The carrier is returning it to you. Please check the address on it and write to us."
    ),
    ExceptionKind.DAMAGED: gettext_lazy(
        "The carrier reports that it was damaged in transit. You've done your part; we'll take care of the rest."
    ),
    ExceptionKind.LOST: gettext_lazy(
        "The carrier reports that it is lost. You've done your part; we'll take care of the rest."
    ),
}


def desk_text(exception: ParcelException) -> str:
    """Sentence for staff: the problem and what to do; ``exception.parcel`` is loaded."""
    special = DESK_TEXTS_OF_RETURNS if exception.parcel.direction == Direction.RETURN else {}
    return _fill_in(special.get(exception.kind, DESK_TEXTS[exception.kind]), exception, exception.parcel)


def shopper_text(exception: ParcelException, parcel: Parcel) -> str:
    """Sentences for the shopper: the problem, what we do, and what they need to do."""
    texts = SHOPPER_TEXTS_OF_RETURNS if parcel.direction == Direction.RETURN else SHOPPER_TEXTS
    return _fill_in(texts[exception.kind], exception, parcel)


def _fill_in(text: str | Promise, exception: ParcelException, parcel: Parcel) -> str:
    since = day(exception.since, parcel.order.shop.time_zone)
    promised = date_format(parcel.promised_on, "DATE_FORMAT") if parcel.promised_on else NONE
    return str(text) % {"since": since, "promised": promised}
