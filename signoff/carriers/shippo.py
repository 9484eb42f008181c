"""Shippo. Pushed: ``data`` of a ``track_updated`` event; asked for: the same object bare.

Signature: "Webhook security", docs.goshippo.com/tracking/webhook-security: ``Shippo-Auth-Signature: t=…,v1=…``, the
HMAC-SHA256 of ``t.body`` in hex, for accounts that asked Shippo for a secret; ``verify_token`` is for the others, who
put a token of their own into the webhook's address. Times are written in UTC. Statuses: docs.goshippo.com/tracking.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.carriers import fields, signatures
from signoff.carriers.messages import Answer, BadSignature, Code, Event, Harm, Meaning, Question, Told
from signoff.carriers.normalise import event, told
from signoff.carriers.payloads import complaint, json_of, not_tracking

NAME = "Shippo"
HEADER = "Shippo-Auth-Signature"
CLOCKS_MAY_DIFFER = 300
HALLMARK = {"carrier", "tracking_number", "tracking_status"}
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
    """Raises ``BadSignature``, also for a message that was signed more than five minutes ago."""
    key = signatures.need(secret, provider=NAME)
    said = dict(part.strip().partition("=")[::2] for part in signatures.header(headers, HEADER).split(","))
    stamp = said.get("t", "")
    expected = signatures.hmac_sha256(key, stamp.encode("utf-8", "surrogatepass") + b"." + body).hexdigest()
    signatures.compare(said.get("v1", ""), expected, provider=NAME)
    signed_at = int(stamp) if stamp.isdecimal() and len(stamp) < 15 else 0
    if abs((now or timezone.now()).timestamp() - signed_at) > CLOCKS_MAY_DIFFER:
        raise BadSignature(_("This message of Shippo was signed more than five minutes ago. Compare the clocks."))


def verify_token(token: str, *, secret: str) -> None:
    """``token`` is what stood in the webhook's address. Raises ``BadSignature``."""
    expected = signatures.need(secret, provider=NAME)
    signatures.compare(token, expected.decode("utf-8", "replace"), provider=NAME)


def read(body: bytes) -> list[Told]:
    """Raises ``Unreadable``."""
    return [_parcel(track) for track in _tracks(json_of(body))]


def answer(*, account: str = "", now: datetime | None = None) -> Answer:
    """Any status 2xx within three seconds."""
    return Answer()


def ask(number: str, carrier: str, *, key: str, account: str = "") -> Question:
    """One parcel; Shippo needs the carrier's token (``usps``)."""
    address = f"https://api.goshippo.com/tracks/{quote(carrier, safe='')}/{quote(number, safe='')}"
    return Question("GET", address, {"Authorization": f"ShippoToken {key}"})


def _tracks(said: Any) -> list[dict[str, Any]]:
    if isinstance(said, dict) and "event" in said:
        said = said.get("data") if said["event"] == "track_updated" else None
    if words := fields.text(fields.inner(said, "detail"), fields.DESCRIPTION):
        raise complaint(NAME, words)
    found = fields.rows(said if isinstance(said, list) else [said] if isinstance(said, dict) else None)
    if (not found and said != []) or not all(set(track) >= HALLMARK for track in found):
        raise not_tracking(NAME)
    return found


def _parcel(track: dict[str, Any]) -> Told:
    latest = track["tracking_status"]
    history = fields.rows(track.get("tracking_history"))
    return told(
        number=track["tracking_number"],
        carrier=track["carrier"],
        promised_on=fields.day(track.get("eta")),
        events=map(_event, [*history, latest] if isinstance(latest, dict) else history),
    )


def _event(status: dict[str, Any]) -> Event | None:
    where = status.get("location")
    return event(
        at=fields.moment(status.get("status_date"), UTC),
        means=_meaning(status),
        words=status.get("status_details"),
        place=fields.place(*(fields.inner(where, part) for part in ("city", "state", "country"))),
    )


def _meaning(status: dict[str, Any]) -> Meaning:
    substatus = status.get("substatus")
    finer = fields.text(fields.inner(substatus, "code") or substatus, 60)
    return SUBSTATUSES.get(finer) or STATUSES.get(fields.text(status.get("status"), 40), Meaning(Code.IN_TRANSIT))
