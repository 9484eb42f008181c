"""How far a parcel has come, from what its carrier reported."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from signoff.models import Parcel, TrackingEvent

Code = TrackingEvent.Code
WAY = (Code.REGISTERED, Code.IN_TRANSIT, Code.OUT_FOR_DELIVERY, Code.DELIVERED)
#: a report that is not on the way itself says at least that the parcel has come this far
AS_FAR_AS = {
    Code.READY_FOR_PICKUP: Code.OUT_FOR_DELIVERY,
    Code.EXCEPTION: Code.IN_TRANSIT,
    Code.RETURNED: Code.IN_TRANSIT,
}


def way_of(parcel: Parcel) -> list[dict[str, Any]]:
    """The steps of ``components/stepper.html`` for a parcel whose events are at hand."""
    days = _reached(parcel)
    far = max((place for place, code in enumerate(WAY) if code in days), default=-1)
    return [
        {
            "label": code.label[:1].upper() + code.label[1:],
            "state": _state(place, far),
            "detail": date_format(localtime(days[code]), "MONTH_DAY_FORMAT") if code in days else "",
        }
        for place, code in enumerate(WAY)
    ]


def _state(place: int, far: int) -> str:
    if place < far or far == len(WAY) - 1:
        return "done"
    return "now" if place == max(far, 0) else "todo"


def _reached(parcel: Parcel) -> dict[str, Any]:
    """When each step of the way was first reported."""
    days = {}
    for event in parcel.events.all():
        days.setdefault(AS_FAR_AS.get(event.code, event.code), event.occurred_at)
    if parcel.shipped_at:
        days.setdefault(Code.IN_TRANSIT, parcel.shipped_at)
    if parcel.delivered_at:
        days.setdefault(Code.DELIVERED, parcel.delivered_at)
    return days
