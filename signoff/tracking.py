"""How far a parcel has come, from what its carrier reported."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from signoff.journey import Code, Journey, journey_of
from signoff.models import Parcel, Trouble

WAY = (Code.REGISTERED, Code.IN_TRANSIT, Code.OUT_FOR_DELIVERY, Code.DELIVERED)
#: a report that is not on the way itself says at least that the parcel has come this far
AS_FAR_AS = {
    Code.READY_FOR_PICKUP: Code.OUT_FOR_DELIVERY,
    Code.EXCEPTION: Code.IN_TRANSIT,
    Code.RETURNED: Code.IN_TRANSIT,
}


def way_of(parcel: Parcel) -> list[dict[str, Any]]:
    """The steps of ``components/stepper.html`` for a parcel whose events are at hand."""
    journey = journey_of(parcel.events.all())
    days = _reached(parcel, journey)
    far = max((place for place, code in enumerate(WAY) if code in days), default=-1)
    here = "stopped" if _has_ended(journey) else "now"
    return [
        {
            "label": code.label[:1].upper() + code.label[1:],
            "state": here if (state := _state(place, far)) == "now" else state,
            "detail": date_format(localtime(days[code]), "MONTH_DAY_FORMAT") if code in days else "",
        }
        for place, code in enumerate(WAY)
    ]


def _has_ended(journey: Journey) -> bool:
    """Whether the parcel has turned back, or is lost, before it was delivered."""
    return journey.returned_at is not None or (journey.delivered_at is None and Trouble.LOST in journey.troubles)


def _state(place: int, far: int) -> str:
    if place < far or far == len(WAY) - 1:
        return "done"
    return "now" if place == max(far, 0) else "todo"


def _reached(parcel: Parcel, journey: Journey) -> dict[str, datetime]:
    """When each step of the way was first reported; a delivery back to its sender is none."""
    days: dict[str, datetime] = {}
    for event in parcel.events.all():
        if event.code != Code.DELIVERED:
            days.setdefault(AS_FAR_AS.get(event.code, event.code), event.occurred_at)
    if parcel.shipped_at:
        days.setdefault(Code.IN_TRANSIT, parcel.shipped_at)
    if delivered := parcel.delivered_at or journey.delivered_at:
        days[Code.DELIVERED] = delivered
    return days
