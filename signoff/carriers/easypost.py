"""EasyPost. Pushed: an ``Event`` whose ``result`` is a ``Tracker``; asked for: a ``Tracker`` or a list of them.

Signature: "Webhooks", docs.easypost.com/docs/webhooks (``X-Hmac-Signature``, HMAC-SHA256 of the body in hex, the
secret in Unicode's NFKD form as in EasyPost's own libraries). Times carry a zone; where the place of a scan is not
known it is UTC ("Tracker", docs.easypost.com/docs/trackers). Statuses: the same page.
"""

import unicodedata
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from signoff.carriers import fields, signatures
from signoff.carriers.messages import Answer, Code, Event, Harm, Meaning, Question, Told
from signoff.carriers.normalise import event, told
from signoff.carriers.payloads import json_of, not_tracking

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
    "cancelled": Meaning(Code.EXCEPTION),
    "error": Meaning(Code.EXCEPTION),
}
DETAILS = {
    "lost": Meaning(Code.EXCEPTION, Harm.LOST),
    "damaged": Meaning(Code.EXCEPTION, Harm.DAMAGED),
}


def verify(body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
    """Raises ``BadSignature``."""
    key = signatures.need(unicodedata.normalize("NFKD", secret), provider=NAME)
    expected = PREFIX + signatures.hmac_sha256(key, body).hexdigest()
    signatures.compare(signatures.header(headers, HEADER), expected, provider=NAME)


def read(body: bytes) -> list[Told]:
    """Raises ``Unreadable``."""
    return [_parcel(tracker) for tracker in _trackers(json_of(body))]


def answer(*, account: str = "", now: datetime | None = None) -> Answer:
    """Any status 2xx."""
    return Answer()


def ask(number: str, carrier: str, *, key: str, account: str = "") -> Question:
    """The trackers of a number that EasyPost already follows."""
    asked = urlencode({"tracking_code": number, "carrier": carrier} if carrier else {"tracking_code": number})
    proof = b64encode(f"{key}:".encode()).decode()
    return Question("GET", f"https://api.easypost.com/v2/trackers?{asked}", {"Authorization": f"Basic {proof}"})


def _trackers(said: Any) -> list[dict[str, Any]]:
    if fields.inner(said, "object") == "Event":
        said = said.get("result")
    if isinstance(said, dict) and "trackers" in said:
        said = said["trackers"]
    found = fields.rows(said if isinstance(said, list) else [said] if isinstance(said, dict) else None)
    if (not found and said != []) or any(tracker.get("object") != "Tracker" for tracker in found):
        raise not_tracking(NAME)
    return found


def _parcel(tracker: dict[str, Any]) -> Told:
    return told(
        number=tracker.get("tracking_code"),
        carrier=tracker.get("carrier"),
        promised_on=_promise(tracker),
        events=map(_event, fields.rows(tracker.get("tracking_details"))),
        state=_meaning(tracker),
    )


def _event(scan: dict[str, Any]) -> Event | None:
    where = fields.inner(scan, "tracking_location")
    return event(
        at=fields.moment(scan.get("datetime"), UTC),
        means=_meaning(scan),
        words=scan.get("message") or scan.get("description"),
        place=fields.place(*(fields.inner(where, part) for part in ("city", "state", "country"))),
    )


def _meaning(said: dict[str, Any]) -> Meaning:
    status, detail = fields.text(said.get("status"), 40), fields.text(said.get("status_detail"), 40)
    return DETAILS.get(detail) or STATUSES.get(status, Meaning(Code.IN_TRANSIT))


def _promise(tracker: dict[str, Any]) -> date | None:
    promises = (
        fields.inner(tracker, "carrier_detail", "guaranteed_delivery_date"),
        fields.inner(tracker, "carrier_detail", "est_delivery_date_local"),
        tracker.get("est_delivery_date"),
    )
    return next(filter(None, map(fields.day, promises)), None)
