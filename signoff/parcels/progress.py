"""Dates, exceptions and progress of a parcel, derived from tracking events. Pure: no queries, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from signoff.models import ExceptionKind, Parcel, TrackingEvent
from signoff.web.formatting import short_day

Code, Harm = TrackingEvent.Code, TrackingEvent.Harm
NOT_SENT = frozenset({Code.REGISTERED, Code.VOIDED})
KIND_OF_HARM = {Harm.LOST: ExceptionKind.LOST, Harm.DAMAGED: ExceptionKind.DAMAGED}


class CarrierEvent(Protocol):
    """A tracking event, stored or just parsed from a carrier's message."""

    @property
    def occurred_at(self) -> datetime: ...
    @property
    def code(self) -> str: ...
    @property
    def harm(self) -> str | None: ...


@dataclass(frozen=True)
class Journey:
    """Milestones of a parcel. ``sent_at``: first event in transit; ``delivered_at``: first delivery to the receiver.

    A label that was made, or voided, is no parcel on its way.

    ``exceptions`` has the times of each kind of exception that the carrier reported, the oldest first.
    """

    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    returned_at: datetime | None = None
    heard_at: datetime | None = None
    exceptions: dict[ExceptionKind, list[datetime]] = field(default_factory=dict)


def journey_of(events: Iterable[CarrierEvent]) -> Journey:
    """The milestones in ``events``; a delivery after a return to sender is one to the sender and does not count."""
    ordered = sorted(events, key=lambda event: event.occurred_at)
    returned = _first(event.occurred_at for event in ordered if event.code == Code.RETURNED)
    deliveries = (event.occurred_at for event in ordered if event.code == Code.DELIVERED)
    return Journey(
        sent_at=_first(event.occurred_at for event in ordered if event.code not in NOT_SENT),
        delivered_at=_first(at for at in deliveries if returned is None or at < returned),
        returned_at=returned,
        heard_at=ordered[-1].occurred_at if ordered else None,
        exceptions=_exception_times(ordered),
    )


def _exception_times(ordered: Iterable[CarrierEvent]) -> dict[ExceptionKind, list[datetime]]:
    times: dict[ExceptionKind, list[datetime]] = {}
    for event in ordered:
        if event.code == Code.RETURNED:
            times.setdefault(ExceptionKind.RETURNED, []).append(event.occurred_at)
        if event.harm:
            times.setdefault(KIND_OF_HARM[Harm(event.harm)], []).append(event.occurred_at)
    return times


def _first(moments: Iterable[datetime]) -> datetime | None:
    return next(iter(moments), None)


WAY = (Code.REGISTERED, Code.IN_TRANSIT, Code.OUT_FOR_DELIVERY, Code.DELIVERED)
#: a report that is not on the way itself says at least that the parcel has come this far
AS_FAR_AS: dict[str, TrackingEvent.Code] = {
    Code.VOIDED: Code.REGISTERED,
    Code.READY_FOR_PICKUP: Code.OUT_FOR_DELIVERY,
    Code.EXCEPTION: Code.IN_TRANSIT,
    Code.RETURNED: Code.IN_TRANSIT,
}


def tracking_steps(parcel: Parcel) -> list[dict[str, Any]]:
    """The steps of ``components/stepper.html`` for a parcel whose events are prefetched.

    A step that the parcel has passed without anybody reporting it is done, but has no tick.
    """
    journey = journey_of(parcel.events.all())
    days = _reached(parcel, journey)
    far = max((place for place, code in enumerate(WAY) if code in days), default=-1)
    current_state = "stopped" if _has_ended(journey) or parcel.is_label_voided else "now"
    return [
        {
            "label": code.label[:1].upper() + code.label[1:],
            "state": current_state if (state := _state(place, far)) == "now" else state,
            "reported": code in days,
            "detail": short_day(days[code], parcel.order.shop.time_zone) if code in days else "",
        }
        for place, code in enumerate(WAY)
    ]


def _has_ended(journey: Journey) -> bool:
    """Whether the parcel is returned to sender, or lost before delivery."""
    return journey.returned_at is not None or (
        journey.delivered_at is None and ExceptionKind.LOST in journey.exceptions
    )


def _state(place: int, far: int) -> str:
    if place < far or far == len(WAY) - 1:
        return "done"
    return "now" if place == max(far, 0) else "todo"


def _reached(parcel: Parcel, journey: Journey) -> dict[str, datetime]:
    """When each step was first reported; a delivery back to the sender is not a step."""
    days: dict[str, datetime] = {}
    for event in parcel.events.all():
        if event.code != Code.DELIVERED:
            days.setdefault(AS_FAR_AS.get(event.code, event.code), event.occurred_at)
    if parcel.shipped_at:
        days.setdefault(Code.IN_TRANSIT, parcel.shipped_at)
    if delivered := parcel.delivered_at or journey.delivered_at:
        days[Code.DELIVERED] = delivered
    return days
