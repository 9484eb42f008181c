"""What the shop's system and the carrier are told of a sign-off: rows to be delivered, without personal data."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from signoff.models import OrderLine, OutgoingWebhook, Parcel, SignOff

VERSION = 1
Audience = OutgoingWebhook.Audience


class CountedLine(Protocol):
    """What an event says of one line: its order line's key, and units expected, counted and wrong."""

    @property
    def line(self) -> int: ...
    @property
    def expected(self) -> int: ...
    @property
    def counted(self) -> int: ...
    @property
    def problems(self) -> Mapping[str, int]: ...


def queue_webhooks(
    sign_off: SignOff, found: Sequence[CountedLine], lines: Mapping[int, OrderLine], *, now: datetime
) -> None:
    """One row for the shop, and one for the carrier where a parcel is named; each once for each sign-off."""
    whole = _carrier_payload(sign_off, found)
    goods = [_line(one, lines[one.line]) for one in found]
    bodies = {Audience.SHOP: whole | {"order": _order(sign_off), "lines": goods}}
    if sign_off.parcel and sign_off.parcel.carrier:
        bodies[Audience.CARRIER] = whole
    OutgoingWebhook.objects.bulk_create(
        OutgoingWebhook(
            shop=sign_off.order.shop,
            audience=audience,
            topic=whole["topic"],
            dedupe_key=f"sign-off/{sign_off.pk}/{audience}",
            payload=body,
            created_at=now,
        )
        for audience, body in bodies.items()
    )


def topic_of(sign_off: SignOff) -> str:
    """The name of the event."""
    if sign_off.corrects_id:
        return "parcel.sign_off_corrected"
    return "parcel.refused" if sign_off.outcome == SignOff.Outcome.REFUSED else "parcel.signed"


def _carrier_payload(sign_off: SignOff, found: Sequence[CountedLine]) -> dict[str, Any]:
    units: Counter[str] = Counter()
    for one in found:
        units.update(one.problems)
    return {
        "version": VERSION,
        "topic": topic_of(sign_off),
        "parcel": _parcel(sign_off.parcel) if sign_off.parcel else None,
        "outcome": str(sign_off.outcome),
        "channel": str(sign_off.channel),
        "signed_at": sign_off.signed_at.isoformat(),
        "expected": sum(one.expected for one in found),
        "counted": sum(one.counted for one in found),
        "problems": dict(units),
    }


def _parcel(parcel: Parcel) -> dict[str, str]:
    names = ("token", "direction", "carrier", "tracking_number")
    return {name: str(getattr(parcel, name)) for name in names}


def _order(sign_off: SignOff) -> dict[str, str]:
    return {name: getattr(sign_off.order, name) for name in ("number", "token", "external_id")}


def _line(one: CountedLine, line: OrderLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "sku": line.sku,
        "external_id": line.external_id,
        "expected": one.expected,
        "counted": one.counted,
        "problems": dict(one.problems),
    }
