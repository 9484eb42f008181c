"""AfterShip Tracking. Pushed: ``msg`` of an event; asked for: ``data`` with one or several trackings.

Signature: "Webhook Signature", aftership.com/docs/tracking/webhook/webhook-signature (``aftership-hmac-sha256``,
HMAC-SHA256 of the body in base64). Statuses: "Delivery Statuses" and "Delivery Sub-statuses" beside it. A
checkpoint's time is the carrier's; one without a zone is local to a place whose zone AfterShip does not tell, and is
taken as UTC.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from signoff.carriers import fields, signatures
from signoff.carriers.messages import Answer, Code, Event, Harm, Meaning, Question, Told
from signoff.carriers.normalise import event, told
from signoff.carriers.payloads import complaint, json_of, not_tracking

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
    "Expired": Code.IN_TRANSIT,  # nothing heard for 30 days: our own clocks say so, the carrier did not
}
RETURNS = frozenset({"Exception_010", "Exception_011"})
HARMS = {"lost": Harm.LOST, "damage": Harm.DAMAGED}


def verify(body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
    """Raises ``BadSignature``."""
    digest = signatures.hmac_sha256(signatures.need(secret, provider=NAME), body).digest()
    signatures.compare(signatures.header(headers, HEADER), b64encode(digest).decode(), provider=NAME)


def read(body: bytes) -> list[Told]:
    """Raises ``Unreadable``."""
    return [_parcel(tracking) for tracking in _trackings(json_of(body))]


def answer(*, account: str = "", now: datetime | None = None) -> Answer:
    """Any status 2xx."""
    return Answer()


def ask(number: str, carrier: str, *, key: str, account: str = "") -> Question:
    """The trackings of a number that AfterShip already follows."""
    asked = {"tracking_numbers": number} | ({"slug": carrier} if carrier else {})
    return Question("GET", f"{ADDRESS}?{urlencode(asked)}", {"as-api-key": key})


def _trackings(said: Any) -> list[dict[str, Any]]:
    if (fields.inner(said, "meta", "code") or 200) not in (200, 201):
        raise complaint(NAME, fields.text(fields.inner(said, "meta", "message"), fields.DESCRIPTION))
    data = fields.inner(said, "msg") or fields.inner(said, "data")
    if isinstance(data, dict) and "trackings" in data:
        found = fields.rows(data["trackings"])
    else:
        one = fields.inner(data, "tracking") or data
        found = [one] if isinstance(one, dict) else []
        if not found:
            raise not_tracking(NAME)
    if not all("tracking_number" in tracking and "slug" in tracking for tracking in found):
        raise not_tracking(NAME)
    return found


def _parcel(tracking: dict[str, Any]) -> Told:
    last = tracking.get("checkpoint")
    checkpoints = fields.rows([last] if isinstance(last, dict) else tracking.get("checkpoints"))
    return told(
        number=tracking.get("tracking_number"),
        carrier=tracking.get("slug"),
        promised_on=_promise(tracking),
        events=map(_event, checkpoints),
        state=_meaning(tracking),
    )


def _event(checkpoint: dict[str, Any]) -> Event | None:
    country = checkpoint.get("country_region_name") or checkpoint.get("country_name")
    return event(
        at=fields.moment(checkpoint.get("checkpoint_time"), UTC),
        means=_meaning(checkpoint),
        words=checkpoint.get("message"),
        place=fields.place(checkpoint.get("location"))
        or fields.place(checkpoint.get("city"), checkpoint.get("state"), country),
    )


def _meaning(said: dict[str, Any]) -> Meaning:
    subtag = fields.text(said.get("subtag"), 40)
    code = TAGS.get(fields.text(said.get("tag"), 40)) or TAGS.get(subtag.partition("_")[0], Code.IN_TRANSIT)
    if subtag in RETURNS:
        return Meaning(Code.RETURNED)
    return Meaning(code, _harm(said) if code == Code.EXCEPTION else None)


def _harm(said: dict[str, Any]) -> Harm | None:
    """From AfterShip's own words for a sub-status, never from the carrier's."""
    words = fields.text(said.get("subtag_message"), 80).casefold()
    return next((harm for word, harm in HARMS.items() if word in words), None)


def _promise(tracking: dict[str, Any]) -> date | None:
    promises = (
        tracking.get("order_promised_delivery_date"),
        fields.inner(tracking, "courier_estimated_delivery_date", "estimated_delivery_date"),
        tracking.get("expected_delivery"),
    )
    return next(filter(None, map(fields.day, promises)), None)
