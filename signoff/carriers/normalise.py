"""Events of a parcel put in order: oldest first, each once, the same whatever order they came in."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from signoff.carriers import fields
from signoff.carriers.messages import Code, Event, Meaning, Told

PLACE_IN_LIFE = {code: place for place, code in enumerate(Code)}
#: states of a whole parcel that must not be lost when no event of it says so
WEIGHTY = frozenset({Code.DELIVERED, Code.EXCEPTION, Code.RETURNED})


def event(*, at: datetime | None, means: Meaning, words: Any, place: str = "") -> Event | None:
    """One event, or None where no time is given: carriers fill empty rows in for what has not happened yet."""
    if at is None:
        return None
    return Event(at, means.code, fields.text(words, fields.DESCRIPTION), place, means.harm)


def told(
    *,
    number: Any,
    carrier: Any,
    events: Iterable[Event | None],
    state: Meaning | None = None,
    promised_on: date | None = None,
) -> Told:
    """One parcel's telling; ``state`` is what the provider says of the parcel as a whole."""
    ordered = _each_once(event for event in events if event)
    return Told(
        number=fields.number(number),
        carrier=fields.text(carrier, fields.CARRIER),
        promised_on=promised_on,
        events=tuple(_with_state(ordered, state) if state else ordered),
    )


def _each_once(events: Iterable[Event]) -> list[Event]:
    """In order of time; what the database would call the same event stays once, with a place if one has it."""
    ordered = sorted(events, key=_order)
    return list({(event.occurred_at, event.code, event.description): event for event in ordered}.values())


def _order(event: Event) -> tuple[Any, ...]:
    return event.occurred_at, PLACE_IN_LIFE[event.code], event.description, event.place, event.harm or ""


def _with_state(events: list[Event], state: Meaning) -> list[Event]:
    """The newest event takes a weighty state that no event carries."""
    carried = any(event.code == state.code and (event.harm or not state.harm) for event in events)
    if not events or carried or state.code not in WEIGHTY:
        return events
    return [*events[:-1], replace(events[-1], code=state.code, harm=state.harm)]
