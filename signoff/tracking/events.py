"""A parcel's events as they are kept: each once, in whatever order they are told, and however often."""

from collections.abc import Iterable
from datetime import datetime

from signoff.carriers import Event
from signoff.carriers.normalise import PLACE_IN_LIFE
from signoff.models import Parcel, TrackingEvent

type Key = tuple[datetime, str]

HARMS = ("", *reversed(TrackingEvent.Harm.values))  # the later, the worse


def keep_events(parcel: Parcel, told: Iterable[Event]) -> list[TrackingEvent]:
    """Add what is new, correct what is known better now, and return all events; ``parcel`` is locked by the caller.

    An event is the same when its time and its words are. Of two meanings the one later in a parcel's life stands, of
    two harms the worse, of two places the one that is there: so it does not matter which was told first.
    """
    known = {(row.occurred_at, row.description): row for row in sorted(parcel.events.all(), key=_rank)}
    new, changed = [], set[Key]()
    for event in told:
        key = event.occurred_at, event.description
        if key not in known:
            known[key] = _row(parcel, event)
            new.append(known[key])
        elif _learn(known[key], event):
            changed.add(key)
    TrackingEvent.objects.bulk_create(new, ignore_conflicts=True)
    stored = [known[key] for key in changed if known[key].pk]
    if stored:
        TrackingEvent.objects.bulk_update(stored, ["code", "harm", "place"])
    return list(known.values())


def _rank(event: TrackingEvent) -> int:
    """Where two rows say the same otherwise, as an import may write them, the one later in a parcel's life counts."""
    return PLACE_IN_LIFE[TrackingEvent.Code(event.code)]


def _row(parcel: Parcel, event: Event) -> TrackingEvent:
    return TrackingEvent(
        parcel=parcel,
        occurred_at=event.occurred_at,
        code=event.code,
        description=event.description,
        place=event.place,
        harm=event.harm or "",
    )


def _learn(row: TrackingEvent, event: Event) -> bool:
    """Take over what ``event`` knows better; whether anything is different now."""
    before = row.code, row.harm, row.place
    row.code = max(row.code, event.code, key=lambda code: PLACE_IN_LIFE[TrackingEvent.Code(code)])
    row.harm = max(row.harm, event.harm or "", key=HARMS.index)
    row.place = max(row.place, event.place)
    return before != (row.code, row.harm, row.place)
