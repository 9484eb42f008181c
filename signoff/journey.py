"""What a parcel's events say together, in whatever order they came in. Pure: no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from signoff.models import TrackingEvent, Trouble

Code, Harm = TrackingEvent.Code, TrackingEvent.Harm
TROUBLE_OF = {Harm.LOST: Trouble.LOST, Harm.DAMAGED: Trouble.DAMAGED}


class Happened(Protocol):
    """An event of a carrier, stored or just told."""

    occurred_at: datetime
    code: str
    harm: str | None


@dataclass(frozen=True)
class Journey:
    """``sent_at``: the first event on its way; ``delivered_at``: the first delivery that is not one to its sender.

    ``troubles`` has the times of each trouble that a carrier reported, the oldest first.
    """

    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    returned_at: datetime | None = None
    heard_at: datetime | None = None
    troubles: dict[Trouble, list[datetime]] = field(default_factory=dict)


def journey_of(events: Iterable[Happened]) -> Journey:
    """What has become of the parcel; a delivery after a return to its sender has not reached its receiver."""
    ordered = sorted(events, key=lambda event: event.occurred_at)
    returned = _first(event.occurred_at for event in ordered if event.code == Code.RETURNED)
    deliveries = (event.occurred_at for event in ordered if event.code == Code.DELIVERED)
    return Journey(
        sent_at=_first(event.occurred_at for event in ordered if event.code != Code.REGISTERED),
        delivered_at=_first(at for at in deliveries if returned is None or at < returned),
        returned_at=returned,
        heard_at=ordered[-1].occurred_at if ordered else None,
        troubles=_troubles(ordered),
    )


def _troubles(ordered: Iterable[Happened]) -> dict[Trouble, list[datetime]]:
    found: dict[Trouble, list[datetime]] = {}
    for event in ordered:
        if event.code == Code.RETURNED:
            found.setdefault(Trouble.RETURNED, []).append(event.occurred_at)
        if event.harm:
            found.setdefault(TROUBLE_OF[Harm(event.harm)], []).append(event.occurred_at)
    return found


def _first(moments: Iterable[datetime]) -> datetime | None:
    return next(iter(moments), None)
