"""17TRACK. Pushed: ``TRACKING_UPDATED`` or ``TRACKING_STOPPED`` with ``data``; requested: ``data.accepted``.

Signature: "WebHook" of the API v2 documentation, api.17track.net/en/doc: header ``sign`` is the SHA-256 in hex of the
body, a slash and the account's key. Times: ``time_utc`` first, else ``time_iso``; one without a zone is taken as UTC.
Statuses: ``status`` and ``sub_status`` ("Exception_Lost") of the same documentation.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from signoff.carriers import fields, signatures
from signoff.carriers.messages import Acknowledgement, Code, Event, Harm, Meaning, TrackingRequest, TrackingUpdate
from signoff.carriers.normalise import build_event, build_update
from signoff.carriers.payloads import not_a_tracking_message, parse_json, provider_error

NAME = "17TRACK"
HEADER = "sign"
PUSHED = ("TRACKING_UPDATED", "TRACKING_STOPPED")
STATUSES = {
    "NotFound": Code.REGISTERED,
    "InfoReceived": Code.REGISTERED,
    "InTransit": Code.IN_TRANSIT,
    "PickedUp": Code.IN_TRANSIT,
    "Departure": Code.IN_TRANSIT,
    "Arrival": Code.IN_TRANSIT,
    "AvailableForPickup": Code.READY_FOR_PICKUP,
    "OutForDelivery": Code.OUT_FOR_DELIVERY,
    "DeliveryFailure": Code.EXCEPTION,
    "Delivered": Code.DELIVERED,
    "Exception": Code.EXCEPTION,
    "Returning": Code.RETURNED,
    "Returned": Code.RETURNED,
    "Expired": Code.IN_TRANSIT,  # long on its way: our own deadlines report that, it is not a carrier's report
}
SUBSTATUSES = {
    "Exception_Returning": Meaning(Code.RETURNED),
    "Exception_Returned": Meaning(Code.RETURNED),
    "Exception_Cancel": Meaning(Code.VOIDED),
    "Exception_Lost": Meaning(Code.EXCEPTION, Harm.LOST),
    "Exception_Destroyed": Meaning(Code.EXCEPTION, Harm.LOST),
    "Exception_Damage": Meaning(Code.EXCEPTION, Harm.DAMAGED),
}


def verify(body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
    """Check the signature of a message. Raises ``BadSignature``."""
    expected = hashlib.sha256(body + b"/" + signatures.require_secret(secret, provider=NAME)).hexdigest()
    signatures.check_signature(signatures.get_header(headers, HEADER).lower(), expected, provider=NAME)


def parse(body: bytes) -> list[TrackingUpdate]:
    """The updates in a message or response. Raises ``UnreadableMessage``."""
    return [_to_update(parcel) for parcel in _find_parcels(parse_json(body))]


def acknowledge(*, account: str = "", now: datetime | None = None) -> Acknowledgement:
    """An empty response: status 200 is enough."""
    return Acknowledgement()


def build_request(number: str, carrier: str, *, key: str, account: str = "") -> TrackingRequest:
    """Request a parcel that 17TRACK already tracks; ``carrier`` is its number there (``3011``) or empty."""
    parameters = {"number": number} | ({"carrier": int(carrier)} if carrier.isdecimal() else {})
    return TrackingRequest(
        "POST",
        "https://api.17track.net/track/v2.2/gettrackinfo",
        {"17token": key, "Content-Type": "application/json"},
        json.dumps([parameters]).encode(),
    )


def _find_parcels(payload: Any) -> list[dict[str, Any]]:
    data = fields.nested(payload, "data")
    if fields.nested(payload, "event") in PUSHED:
        parcels = [data] if isinstance(data, dict) else []
    else:
        if not isinstance(data, dict) or not {"accepted", "rejected", "errors"} & set(data):
            raise not_a_tracking_message(NAME)
        parcels = fields.rows(data.get("accepted"))
        rejected = fields.rows(data.get("rejected")) + fields.rows(data.get("errors"))
        if rejected and not parcels:
            raise provider_error(NAME, fields.text(_error_message(rejected[0]), fields.DESCRIPTION))
    if not all("number" in parcel for parcel in parcels) or (not parcels and "event" in payload):
        raise not_a_tracking_message(NAME)
    return parcels


def _error_message(refused: dict[str, Any]) -> Any:
    return fields.nested(refused, "error", "message") or refused.get("message")


def _to_update(parcel: dict[str, Any]) -> TrackingUpdate:
    info = parcel.get("track_info")
    providers = fields.rows(fields.nested(info, "tracking", "providers"))
    name = next((fields.nested(provider, "provider", "name") for provider in providers), None)
    promise = fields.nested(info, "time_metrics", "estimated_delivery_date")
    latest = fields.nested(info, "latest_status")
    return build_update(
        number=parcel["number"],
        carrier=name or parcel.get("carrier"),
        promised_on=fields.parse_day(fields.nested(promise, "to")) or fields.parse_day(fields.nested(promise, "from")),
        events=[_to_event(row) for provider in providers for row in fields.rows(provider.get("events"))],
        state=_to_meaning(fields.nested(latest, "status"), fields.nested(latest, "sub_status")),
    )


def _to_event(row: dict[str, Any]) -> Event | None:
    return build_event(
        at=fields.parse_moment(row.get("time_utc"), UTC) or fields.parse_moment(row.get("time_iso"), UTC),
        meaning=_to_meaning(row.get("stage"), row.get("sub_status")),
        description=row.get("description"),
        place=fields.join_place(row.get("location")),
    )


def _to_meaning(status: Any, substatus: Any) -> Meaning:
    """From the sub-status if known, else from the status; a scan without either is in transit."""
    detail = fields.text(substatus, 60)
    meaning = SUBSTATUSES.get(detail)
    family = STATUSES.get(detail.partition("_")[0])
    return meaning or Meaning(STATUSES.get(fields.text(status, 40)) or family or Code.IN_TRANSIT)
