"""Orders the events of a parcel: oldest first, without duplicates, independent of the order in the message."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from signoff.carriers import fields
from signoff.carriers.messages import Code, Event, Meaning, TrackingUpdate

CODE_ORDER = {code: place for place, code in enumerate(Code)}
#: states of a whole parcel that must not be lost if no event has them
FINAL_CODES = frozenset({Code.VOIDED, Code.DELIVERED, Code.EXCEPTION, Code.RETURNED})


def build_event(*, at: datetime | None, meaning: Meaning, description: Any, place: str = "") -> Event | None:
    """An event, or None without a time: some carriers list steps that have not happened yet."""
    if at is None:
        return None
    return Event(at, meaning.code, fields.text(description, fields.DESCRIPTION), place, meaning.harm)


def build_update(
    *,
    number: Any,
    carrier: Any,
    events: Iterable[Event | None],
    state: Meaning | None = None,
    promised_on: date | None = None,
) -> TrackingUpdate:
    """The update of one parcel; ``state`` is the provider's status of the whole parcel."""
    ordered = _deduplicate(event for event in events if event)
    return TrackingUpdate(
        number=fields.tracking_number(number),
        carrier=fields.text(carrier, fields.CARRIER),
        promised_on=promised_on,
        events=tuple(_apply_state(ordered, state) if state else ordered),
    )


def _deduplicate(events: Iterable[Event]) -> list[Event]:
    """Sort by time and drop duplicates by the database's unique key; a duplicate with a place is kept."""
    ordered = sorted(events, key=_sort_key)
    return list({(event.occurred_at, event.code, event.description): event for event in ordered}.values())


def _sort_key(event: Event) -> tuple[Any, ...]:
    return event.occurred_at, CODE_ORDER[event.code], event.description, event.place, event.harm or ""


def _apply_state(events: list[Event], state: Meaning) -> list[Event]:
    """Give a final state that no event has to the newest event."""
    carried = any(event.code == state.code and (event.harm or not state.harm) for event in events)
    if not events or carried or state.code not in FINAL_CODES:
        return events
    return [*events[:-1], replace(events[-1], code=state.code, harm=state.harm)]
