"""EasyPost. Pushed: an ``Event`` whose ``result`` is a ``Tracker``; requested: a ``Tracker`` or a list of them.

Signature: "Webhooks", docs.easypost.com/docs/webhooks (``X-Hmac-Signature``, HMAC-SHA256 of the body in hex, the
secret in Unicode's NFKD form as in EasyPost's own libraries). Times carry a zone; if the place of a scan is
unknown, it is UTC ("Tracker", docs.easypost.com/docs/trackers). Statuses: the same page.
"""

import unicodedata
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from signoff.carriers import fields, signatures
from signoff.carriers.messages import Acknowledgement, Code, Event, Harm, Meaning, TrackingRequest, TrackingUpdate
from signoff.carriers.normalise import build_event, build_update
from signoff.carriers.payloads import not_a_tracking_message, parse_json

NAME = "EasyPost"
HEADER = "X-Hmac-Signature"
PREFIX = "hmac-sha256-hex="
STATUSES = {
    "unknown": Meaning(Code.REGISTERED),
    "pre_transit": Meaning(Code.REGISTERED),
    "in_transit": Meaning(Code.IN_TRANSIT),
    "out_for_delivery": Meaning(Code.OUT_FOR_DELIVERY),
    "available_for_pickup": Meaning(Code.READY_FOR_PICKUP),
    "delivered": Meaning(Code.DELIVERED),
    "return_to_sender": Meaning(Code.RETURNED),
    "failure": Meaning(Code.EXCEPTION),
    "cancelled": Meaning(Code.VOIDED),
    "error": Meaning(Code.EXCEPTION),
}
DETAILS = {
    "lost": Meaning(Code.EXCEPTION, Harm.LOST),
    "damaged": Meaning(Code.EXCEPTION, Harm.DAMAGED),
}


def verify(body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
    """Check the signature of a message. Raises ``BadSignature``."""
    key = signatures.require_secret(unicodedata.normalize("NFKD", secret), provider=NAME)
    expected = PREFIX + signatures.hmac_sha256(key, body).hexdigest()
    signatures.check_signature(signatures.get_header(headers, HEADER), expected, provider=NAME)


def parse(body: bytes) -> list[TrackingUpdate]:
    """The updates in a message or response. Raises ``UnreadableMessage``."""
    return [_to_update(tracker) for tracker in _find_trackers(parse_json(body))]


def acknowledge(*, account: str = "", now: datetime | None = None) -> Acknowledgement:
    """An empty response: any status 2xx is accepted."""
    return Acknowledgement()


def build_request(number: str, carrier: str, *, key: str, account: str = "") -> TrackingRequest:
    """Request the trackers of a number that EasyPost already tracks."""
    parameters = urlencode({"tracking_code": number, "carrier": carrier} if carrier else {"tracking_code": number})
    proof = b64encode(f"{key}:".encode()).decode()
    return TrackingRequest(
        "GET", f"https://api.easypost.com/v2/trackers?{parameters}", {"Authorization": f"Basic {proof}"}
    )


def _find_trackers(payload: Any) -> list[dict[str, Any]]:
    if fields.nested(payload, "object") == "Event":
        payload = payload.get("result")
    if isinstance(payload, dict) and "trackers" in payload:
        payload = payload["trackers"]
    trackers = fields.rows(payload if isinstance(payload, list) else [payload] if isinstance(payload, dict) else None)
    if (not trackers and payload != []) or any(tracker.get("object") != "Tracker" for tracker in trackers):
        raise not_a_tracking_message(NAME)
    return trackers


def _to_update(tracker: dict[str, Any]) -> TrackingUpdate:
    return build_update(
        number=tracker.get("tracking_code"),
        carrier=tracker.get("carrier"),
        promised_on=_promised_day(tracker),
        events=map(_to_event, fields.rows(tracker.get("tracking_details"))),
        state=_to_meaning(tracker),
    )


def _to_event(scan: dict[str, Any]) -> Event | None:
    location = fields.nested(scan, "tracking_location")
    return build_event(
        at=fields.parse_moment(scan.get("datetime"), UTC),
        meaning=_to_meaning(scan),
        description=scan.get("message") or scan.get("description"),
        place=fields.join_place(*(fields.nested(location, part) for part in ("city", "state", "country"))),
    )


def _to_meaning(node: dict[str, Any]) -> Meaning:
    status, detail = fields.text(node.get("status"), 40), fields.text(node.get("status_detail"), 40)
    return DETAILS.get(detail) or STATUSES.get(status, Meaning(Code.IN_TRANSIT))


def _promised_day(tracker: dict[str, Any]) -> date | None:
    promises = (
        fields.nested(tracker, "carrier_detail", "guaranteed_delivery_date"),
        fields.nested(tracker, "carrier_detail", "est_delivery_date_local"),
        tracker.get("est_delivery_date"),
    )
    return next(filter(None, map(fields.parse_day, promises)), None)
