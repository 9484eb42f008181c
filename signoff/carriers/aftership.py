"""AfterShip Tracking. Pushed: ``msg`` of an event; requested: ``data`` with one or several trackings.

Signature: "Webhook Signature", aftership.com/docs/tracking/webhook/webhook-signature (``aftership-hmac-sha256``,
HMAC-SHA256 of the body in base64). Statuses: "Delivery Statuses" and "Delivery Sub-statuses" beside it. A
checkpoint's time is the carrier's; one without a zone is local to an unknown place, and is read as UTC.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from signoff.carriers import fields, signatures
from signoff.carriers.messages import Acknowledgement, Code, Event, Harm, Meaning, TrackingRequest, TrackingUpdate
from signoff.carriers.normalise import build_event, build_update
from signoff.carriers.payloads import not_a_tracking_message, parse_json, provider_error

NAME = "AfterShip"
HEADER = "aftership-hmac-sha256"
ADDRESS = "https://api.aftership.com/tracking/2025-01/trackings"
TAGS = {
    "Pending": Code.REGISTERED,
    "InfoReceived": Code.REGISTERED,
    "InTransit": Code.IN_TRANSIT,
    "OutForDelivery": Code.OUT_FOR_DELIVERY,
    "AvailableForPickup": Code.READY_FOR_PICKUP,
    "Delivered": Code.DELIVERED,
    "AttemptFail": Code.EXCEPTION,
    "Exception": Code.EXCEPTION,
    "Expired": Code.IN_TRANSIT,  # no news for 30 days: our own deadlines report that, it is not a carrier's report
}
RETURNS = frozenset({"Exception_010", "Exception_011"})
HARMS = {"lost": Harm.LOST, "damage": Harm.DAMAGED}


def verify(body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
    """Check the signature of a message. Raises ``BadSignature``."""
    digest = signatures.hmac_sha256(signatures.require_secret(secret, provider=NAME), body).digest()
    signatures.check_signature(signatures.get_header(headers, HEADER), b64encode(digest).decode(), provider=NAME)


def parse(body: bytes) -> list[TrackingUpdate]:
    """The updates in a message or response. Raises ``UnreadableMessage``."""
    return [_to_update(tracking) for tracking in _find_trackings(parse_json(body))]


def acknowledge(*, account: str = "", now: datetime | None = None) -> Acknowledgement:
    """An empty response: any status 2xx is accepted."""
    return Acknowledgement()


def build_request(number: str, carrier: str, *, key: str, account: str = "") -> TrackingRequest:
    """Request the trackings of a number that AfterShip already tracks."""
    parameters = {"tracking_numbers": number} | ({"slug": carrier} if carrier else {})
    return TrackingRequest("GET", f"{ADDRESS}?{urlencode(parameters)}", {"as-api-key": key})


def _find_trackings(payload: Any) -> list[dict[str, Any]]:
    if (fields.nested(payload, "meta", "code") or 200) not in (200, 201):
        raise provider_error(NAME, fields.text(fields.nested(payload, "meta", "message"), fields.DESCRIPTION))
    data = fields.nested(payload, "msg") or fields.nested(payload, "data")
    if isinstance(data, dict) and "trackings" in data:
        trackings = fields.rows(data["trackings"])
    else:
        tracking = fields.nested(data, "tracking") or data
        trackings = [tracking] if isinstance(tracking, dict) else []
        if not trackings:
            raise not_a_tracking_message(NAME)
    if not all("tracking_number" in tracking and "slug" in tracking for tracking in trackings):
        raise not_a_tracking_message(NAME)
    return trackings


def _to_update(tracking: dict[str, Any]) -> TrackingUpdate:
    last = tracking.get("checkpoint")
    checkpoints = fields.rows([last] if isinstance(last, dict) else tracking.get("checkpoints"))
    return build_update(
        number=tracking.get("tracking_number"),
        carrier=tracking.get("slug"),
        promised_on=_promised_day(tracking),
        events=map(_to_event, checkpoints),
        state=_to_meaning(tracking),
    )


def _to_event(checkpoint: dict[str, Any]) -> Event | None:
    country = checkpoint.get("country_region_name") or checkpoint.get("country_name")
    return build_event(
        at=fields.parse_moment(checkpoint.get("checkpoint_time"), UTC),
        meaning=_to_meaning(checkpoint),
        description=checkpoint.get("message"),
        place=fields.join_place(checkpoint.get("location"))
        or fields.join_place(checkpoint.get("city"), checkpoint.get("state"), country),
    )


def _to_meaning(node: dict[str, Any]) -> Meaning:
    subtag = fields.text(node.get("subtag"), 40)
    code = TAGS.get(fields.text(node.get("tag"), 40)) or TAGS.get(subtag.partition("_")[0], Code.IN_TRANSIT)
    if subtag in RETURNS:
        return Meaning(Code.RETURNED)
    return Meaning(code, _harm_from_words(node) if code == Code.EXCEPTION else None)


def _harm_from_words(node: dict[str, Any]) -> Harm | None:
    """Damage from AfterShip's own text of a sub-status; carriers' texts are too different to rely on."""
    words = fields.text(node.get("subtag_message"), 80).casefold()
    return next((harm for word, harm in HARMS.items() if word in words), None)


def _promised_day(tracking: dict[str, Any]) -> date | None:
    promises = (
        tracking.get("order_promised_delivery_date"),
        fields.nested(tracking, "courier_estimated_delivery_date", "estimated_delivery_date"),
        tracking.get("expected_delivery"),
    )
    return next(filter(None, map(fields.parse_day, promises)), None)
