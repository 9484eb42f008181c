"""Queue webhooks about a sign-off for the shop's system and the carrier; no personal data."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from signoff.models import OrderLine, OutgoingWebhook, Parcel, SignOff

VERSION = 1
Audience = OutgoingWebhook.Audience


class CountedLine(Protocol):
    """The parts of a line's result that webhooks contain."""

    @property
    def line(self) -> int: ...
    @property
    def expected(self) -> int: ...
    @property
    def counted(self) -> int: ...
    @property
    def problems(self) -> Mapping[str, int]: ...


def queue_webhooks(
    sign_off: SignOff, results: Sequence[CountedLine], lines: Mapping[int, OrderLine], *, now: datetime
) -> None:
    """Insert one row for the shop, and one for the carrier if the parcel names one; each once per sign-off."""
    payload = _carrier_payload(sign_off, results)
    goods = [_line(result, lines[result.line]) for result in results]
    bodies = {Audience.SHOP: payload | {"order": _order(sign_off), "lines": goods}}
    if sign_off.parcel and sign_off.parcel.carrier:
        bodies[Audience.CARRIER] = payload
    OutgoingWebhook.objects.bulk_create(
        OutgoingWebhook(
            shop=sign_off.order.shop,
            audience=audience,
            topic=payload["topic"],
            dedupe_key=f"sign-off/{sign_off.pk}/{audience}",
            payload=body,
            created_at=now,
        )
        for audience, body in bodies.items()
    )


def topic_of(sign_off: SignOff) -> str:
    """The event name."""
    if sign_off.corrects_id:
        return "parcel.sign_off_corrected"
    return "parcel.refused" if sign_off.outcome == SignOff.Outcome.REFUSED else "parcel.signed"


def _carrier_payload(sign_off: SignOff, results: Sequence[CountedLine]) -> dict[str, Any]:
    units: Counter[str] = Counter()
    for result in results:
        units.update(result.problems)
    return {
        "version": VERSION,
        "topic": topic_of(sign_off),
        "parcel": _parcel(sign_off.parcel) if sign_off.parcel else None,
        "outcome": str(sign_off.outcome),
        "channel": str(sign_off.channel),
        "signed_at": sign_off.signed_at.isoformat(),
        "expected": sum(result.expected for result in results),
        "counted": sum(result.counted for result in results),
        "problems": dict(units),
    }


def _parcel(parcel: Parcel) -> dict[str, str]:
    names = ("token", "direction", "carrier", "tracking_number")
    return {name: str(getattr(parcel, name)) for name in names}


def _order(sign_off: SignOff) -> dict[str, str]:
    return {name: getattr(sign_off.order, name) for name in ("number", "token", "external_id")}


def _line(result: CountedLine, line: OrderLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "sku": line.sku,
        "external_id": line.external_id,
        "expected": result.expected,
        "counted": result.counted,
        "problems": dict(result.problems),
    }
