"""Saves the events of a parcel: without duplicates, independent of the order and number of messages."""

from collections.abc import Iterable
from datetime import datetime

from signoff.carriers import Event
from signoff.carriers.normalise import CODE_ORDER
from signoff.models import Parcel, TrackingEvent

type Key = tuple[datetime, str]

HARM_ORDER = ("", *reversed(TrackingEvent.Harm.values))  # the later, the worse


def save_events(parcel: Parcel, events: Iterable[Event], *, stored: Iterable[TrackingEvent]) -> list[TrackingEvent]:
    """Insert new events, update ``stored`` ones, and return all; the caller has locked ``parcel``.

    Events with the same time and description are one. Of two codes the later one in a parcel's life is kept, of two
    harms the worse, of two places the one that is not empty: the result does not depend on which came first.
    """
    rows = {(row.occurred_at, row.description): row for row in sorted(stored, key=_rank)}
    new, changed = [], set[Key]()
    for event in events:
        key = event.occurred_at, event.description
        if key not in rows:
            rows[key] = _event_row(parcel, event)
            new.append(rows[key])
        elif _merge(rows[key], event):
            changed.add(key)
    TrackingEvent.objects.bulk_create(new, ignore_conflicts=True)
    updated = [rows[key] for key in changed if rows[key].pk]
    if updated:
        TrackingEvent.objects.bulk_update(updated, ["code", "harm", "place"])
    return list(rows.values())


def _rank(event: TrackingEvent) -> int:
    """Sort key: an import may have written two rows that differ only in their code; the later code is kept."""
    return CODE_ORDER[TrackingEvent.Code(event.code)]


def _event_row(parcel: Parcel, event: Event) -> TrackingEvent:
    return TrackingEvent(
        parcel=parcel,
        occurred_at=event.occurred_at,
        code=event.code,
        description=event.description,
        place=event.place,
        harm=event.harm or "",
    )


def _merge(row: TrackingEvent, event: Event) -> bool:
    """Update ``row`` from ``event``; whether anything has changed."""
    before = row.code, row.harm, row.place
    row.code = max(row.code, event.code, key=lambda code: CODE_ORDER[TrackingEvent.Code(code)])
    row.harm = max(row.harm, event.harm or "", key=HARM_ORDER.index)
    row.place = max(row.place, event.place)
    return before != (row.code, row.harm, row.place)
