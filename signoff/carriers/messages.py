"""What the providers' modules speak: events, what was told of a parcel, questions and answers as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

from signoff.models import TrackingEvent

Code = TrackingEvent.Code
#: what a carrier says happened to the goods themselves; the event's code is then ``EXCEPTION``
Harm = TrackingEvent.Harm


class Unreadable(ValueError):
    """A message cannot be understood; the sentence says what to do."""


class BadSignature(ValueError):
    """A message is not proved to come from its provider; the sentence says why."""


class Meaning(NamedTuple):
    """A provider's status word in ours."""

    code: Code
    harm: Harm | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a carrier reported. ``occurred_at`` is aware and in UTC, texts fit ``TrackingEvent``."""

    occurred_at: datetime
    code: Code
    description: str = ""
    place: str = ""
    harm: Harm | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """All that a message tells of one parcel; ``events`` oldest first, each once, equal for equal messages.

    ``promised_on`` is the carrier's day of delivery as written (not moved to another zone), or None.
    """

    number: str
    carrier: str
    promised_on: date | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """An HTTP request that asks a provider for a parcel's events; what comes back is for ``read``."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider wants to hear, with status 200, when its message was taken."""

    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


class Provider(Protocol):
    """A tracking service: each of the modules beside this one is one."""

    NAME: str

    def verify(self, body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
        """Raises ``BadSignature`` unless ``body``, byte for byte as received, is signed with ``secret``."""

    def read(self, body: bytes) -> list[Told]:
        """What a pushed message or the answer to a question tells. Raises ``Unreadable``."""

    def answer(self, *, account: str = "", now: datetime | None = None) -> Answer:
        """What the provider wants to hear; ``account`` is our number there, where it asks for it."""

    def ask(self, number: str, carrier: str, *, key: str, account: str = "") -> Question:
        """Ask for one parcel; ``carrier`` in the provider's own code."""
