"""Shippo. Pushed: ``data`` of a ``track_updated`` event; requested: the same object bare.

Signature: "Webhook security", docs.goshippo.com/tracking/webhook-security: ``Shippo-Auth-Signature: t=…,v1=…``, the
HMAC-SHA256 of ``t.body`` in hex, for accounts with a secret from Shippo; ``verify_token`` is for the others, who
put a token of their own into the webhook's URL. Times are written in UTC. Statuses: docs.goshippo.com/tracking.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.carriers import fields, signatures
from signoff.carriers.messages import (
    Acknowledgement,
    BadSignature,
    Code,
    Event,
    Harm,
    Meaning,
    TrackingRequest,
    TrackingUpdate,
)
from signoff.carriers.normalise import build_event, build_update
from signoff.carriers.payloads import not_a_tracking_message, parse_json, provider_error

NAME = "Shippo"
HEADER = "Shippo-Auth-Signature"
MAX_AGE_SECONDS = 300
REQUIRED_KEYS = {"carrier", "tracking_number", "tracking_status"}
STATUSES = {
    "UNKNOWN": Meaning(Code.REGISTERED),
    "PRE_TRANSIT": Meaning(Code.REGISTERED),
    "TRANSIT": Meaning(Code.IN_TRANSIT),
    "DELIVERED": Meaning(Code.DELIVERED),
    "RETURNED": Meaning(Code.RETURNED),
    "FAILURE": Meaning(Code.EXCEPTION),
}
SUBSTATUSES = {
    "out_for_delivery": Meaning(Code.OUT_FOR_DELIVERY),
    "pickup_available": Meaning(Code.READY_FOR_PICKUP),
    "return_to_sender": Meaning(Code.RETURNED),
    "package_lost": Meaning(Code.EXCEPTION, Harm.LOST),
    "package_disposed": Meaning(Code.EXCEPTION, Harm.LOST),
    "package_damaged": Meaning(Code.EXCEPTION, Harm.DAMAGED),
    **dict.fromkeys(
        (
            "address_issue",
            "contact_carrier",
            "delivery_attempted",
            "location_inaccessible",
            "notice_left",
            "package_held",
            "package_unclaimed",
            "package_undeliverable",
            "reschedule_delivery",
        ),
        Meaning(Code.EXCEPTION),
    ),
}


def verify(body: bytes, headers: Mapping[str, str], *, secret: str, now: datetime | None = None) -> None:
    """Check the signature of a message. Raises ``BadSignature``, also if it is older than five minutes."""
    key = signatures.require_secret(secret, provider=NAME)
    parts = dict(part.strip().partition("=")[::2] for part in signatures.get_header(headers, HEADER).split(","))
    stamp = parts.get("t", "")
    expected = signatures.hmac_sha256(key, stamp.encode("utf-8", "surrogatepass") + b"." + body).hexdigest()
    signatures.check_signature(parts.get("v1", ""), expected, provider=NAME)
    signed_at = int(stamp) if stamp.isdecimal() and len(stamp) < 15 else 0
    if abs((now or timezone.now()).timestamp() - signed_at) > MAX_AGE_SECONDS:
        raise BadSignature(
            _("This message from Shippo was signed more than five minutes ago. Check the server's clock.")
        )


def verify_token(token: str, *, secret: str) -> None:
    """``token`` is the token in the webhook's URL. Raises ``BadSignature``."""
    expected = signatures.require_secret(secret, provider=NAME)
    signatures.check_signature(token, expected.decode("utf-8", "replace"), provider=NAME)


def parse(body: bytes) -> list[TrackingUpdate]:
    """The updates in a message or response. Raises ``UnreadableMessage``."""
    return [_to_update(track) for track in _find_tracks(parse_json(body))]


def acknowledge(*, account: str = "", now: datetime | None = None) -> Acknowledgement:
    """An empty response: any status 2xx within three seconds is accepted."""
    return Acknowledgement()


def build_request(number: str, carrier: str, *, key: str, account: str = "") -> TrackingRequest:
    """Request one parcel; Shippo needs the carrier's token (``usps``)."""
    address = f"https://api.goshippo.com/tracks/{quote(carrier, safe='')}/{quote(number, safe='')}"
    return TrackingRequest("GET", address, {"Authorization": f"ShippoToken {key}"})


def _find_tracks(payload: Any) -> list[dict[str, Any]]:
    if isinstance(payload, dict) and "event" in payload:
        payload = payload.get("data") if payload["event"] == "track_updated" else None
    if words := fields.text(fields.nested(payload, "detail"), fields.DESCRIPTION):
        raise provider_error(NAME, words)
    tracks = fields.rows(payload if isinstance(payload, list) else [payload] if isinstance(payload, dict) else None)
    if (not tracks and payload != []) or not all(set(track) >= REQUIRED_KEYS for track in tracks):
        raise not_a_tracking_message(NAME)
    return tracks


def _to_update(track: dict[str, Any]) -> TrackingUpdate:
    latest = track["tracking_status"]
    history = fields.rows(track.get("tracking_history"))
    return build_update(
        number=track["tracking_number"],
        carrier=track["carrier"],
        promised_on=fields.parse_day(track.get("eta")),
        events=map(_to_event, [*history, latest] if isinstance(latest, dict) else history),
    )


def _to_event(status: dict[str, Any]) -> Event | None:
    location = status.get("location")
    return build_event(
        at=fields.parse_moment(status.get("status_date"), UTC),
        meaning=_to_meaning(status),
        description=status.get("status_details"),
        place=fields.join_place(*(fields.nested(location, part) for part in ("city", "state", "country"))),
    )


def _to_meaning(status: dict[str, Any]) -> Meaning:
    substatus = status.get("substatus")
    finer = fields.text(fields.nested(substatus, "code") or substatus, 60)
    return SUBSTATUSES.get(finer) or STATUSES.get(fields.text(status.get("status"), 40), Meaning(Code.IN_TRANSIT))
