"""17TRACK. Pushed: ``TRACKING_UPDATED`` or ``TRACKING_STOPPED`` with ``data``; asked for: ``data.accepted``.

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
from signoff.carriers.messages import Answer, Code, Event, Harm, Meaning, Question, Told
from signoff.carriers.normalise import event, told
from signoff.carriers.payloads import complaint, json_of, not_tracking

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
    "Expired": Code.IN_TRANSIT,  # long on its way: our own clocks say so, the carrier did not
}
SUBSTATUSES = {
    "Exception_Returning": Meaning(Code.RETURNED),
    "Exception_Returned": Meaning(Code.RETURNED),
    "Exception_Lost": Meaning(Code.EXCEPTION, Harm.LOST),
    "Exception_Destroyed": Meaning(Code.EXCEPTION, Harm.LOST),
    "Exception_Damage": Meaning(Code.EXCEPTION, Harm.DAMAGED),
}


def verify(body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
    """Raises ``BadSignature``."""
    expected = hashlib.sha256(body + b"/" + signatures.need(secret, provider=NAME)).hexdigest()
    signatures.compare(signatures.header(headers, HEADER).lower(), expected, provider=NAME)


def read(body: bytes) -> list[Told]:
    """Raises ``Unreadable``."""
    return [_parcel(parcel) for parcel in _parcels(json_of(body))]


def answer(*, account: str = "", now: datetime | None = None) -> Answer:
    """Status 200."""
    return Answer()


def ask(number: str, carrier: str, *, key: str, account: str = "") -> Question:
    """A parcel that 17TRACK already follows; ``carrier`` is its number there (``3011``) or empty."""
    asked = {"number": number} | ({"carrier": int(carrier)} if carrier.isdecimal() else {})
    return Question(
        "POST",
        "https://api.17track.net/track/v2.2/gettrackinfo",
        {"17token": key, "Content-Type": "application/json"},
        json.dumps([asked]).encode(),
    )


def _parcels(said: Any) -> list[dict[str, Any]]:
    data = fields.inner(said, "data")
    if fields.inner(said, "event") in PUSHED:
        found = [data] if isinstance(data, dict) else []
    else:
        if not isinstance(data, dict) or not {"accepted", "rejected", "errors"} & set(data):
            raise not_tracking(NAME)
        found = fields.rows(data.get("accepted"))
        refused = fields.rows(data.get("rejected")) + fields.rows(data.get("errors"))
        if refused and not found:
            raise complaint(NAME, fields.text(_reason(refused[0]), fields.DESCRIPTION))
    if not all("number" in parcel for parcel in found) or (not found and "event" in said):
        raise not_tracking(NAME)
    return found


def _reason(refused: dict[str, Any]) -> Any:
    return fields.inner(refused, "error", "message") or refused.get("message")


def _parcel(parcel: dict[str, Any]) -> Told:
    info = parcel.get("track_info")
    providers = fields.rows(fields.inner(info, "tracking", "providers"))
    name = next((fields.inner(provider, "provider", "name") for provider in providers), None)
    promise = fields.inner(info, "time_metrics", "estimated_delivery_date")
    latest = fields.inner(info, "latest_status")
    return told(
        number=parcel["number"],
        carrier=name or parcel.get("carrier"),
        promised_on=fields.day(fields.inner(promise, "to")) or fields.day(fields.inner(promise, "from")),
        events=[_event(row) for provider in providers for row in fields.rows(provider.get("events"))],
        state=_meaning(fields.inner(latest, "status"), fields.inner(latest, "sub_status")),
    )


def _event(row: dict[str, Any]) -> Event | None:
    return event(
        at=fields.moment(row.get("time_utc"), UTC) or fields.moment(row.get("time_iso"), UTC),
        means=_meaning(row.get("stage"), row.get("sub_status")),
        words=row.get("description"),
        place=fields.place(row.get("location")),
    )


def _meaning(status: Any, substatus: Any) -> Meaning:
    """From the finer word where there is one; a scan without either is one on the way."""
    finer = fields.text(substatus, 60)
    known = SUBSTATUSES.get(finer)
    family = STATUSES.get(finer.partition("_")[0])
    return known or Meaning(STATUSES.get(fields.text(status, 40)) or family or Code.IN_TRANSIT)
