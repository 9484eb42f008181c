"""Plain data that all providers share: events, updates of parcels, requests, acknowledgements; and their interface."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

from signoff.models import TrackingEvent

Code = TrackingEvent.Code
#: damage or loss that a carrier reports; the event's code is then ``EXCEPTION``
Harm = TrackingEvent.Harm


class UnreadableMessage(ValueError):
    """A message cannot be parsed; the text says what to do."""


class BadSignature(ValueError):
    """A message has no valid signature of its provider; the text says why."""


class Meaning(NamedTuple):
    """A provider's status as our code, with the damage that it reports."""

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
class TrackingUpdate:
    """All that a message reports about one parcel; ``events`` oldest first, without duplicates.

    ``promised_on`` is the carrier's day of delivery as written (not moved to another zone), or None.
    """

    number: str
    carrier: str
    promised_on: date | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackingRequest:
    """An HTTP request for the events of a parcel; its response is for ``parse``."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The response, with status 200, that a provider expects for an accepted message."""

    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


class Provider(Protocol):
    """Interface of a tracking service, implemented by one module each."""

    NAME: str

    def verify(self, body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
        """Raises ``BadSignature`` unless ``body``, byte for byte as received, is signed with ``secret``."""

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """Updates in a pushed message or in the response to a request. Raises ``UnreadableMessage``."""

    def acknowledge(self, *, account: str = "", now: datetime | None = None) -> Acknowledgement:
        """The response that the provider expects; ``account`` is our account number there, if it needs one."""

    def build_request(self, number: str, carrier: str, *, key: str, account: str = "") -> TrackingRequest:
        """A request for one parcel; ``carrier`` is the provider's own code."""
