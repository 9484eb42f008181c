"""One way to each topic about a parcel."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from feedback.models import Message
from feedback.parcel_notices.actions import tell_deliveries
from signoff.models import ExceptionKind, Parcel, ParcelException, SignOff, Watch
from signoff.signoffs.actions import sign, sign_by_carrier
from signoff.signoffs.rules import DeliveryReport, LineCount
from tests.factories import (
    CustomerFactory,
    OrderFactory,
    ParcelExceptionFactory,
    ParcelFactory,
    ParcelLineFactory,
    WatchFactory,
)


def make_parcel(**facts: Any) -> Parcel:
    """A parcel with all of an order of three lanterns; ``language``, ``name``, ``email`` are the customer's."""
    person = {key: facts.pop(key) for key in ("language", "name", "email") if key in facts}
    order = OrderFactory(
        customer=CustomerFactory(**{"name": "Anna Schmidt", "language": "en"} | person), lines=[(3, "20.00")]
    )
    facts = {"promised_on": timezone.localdate() - timedelta(days=1)} | facts
    parcel = ParcelFactory(**{"order": order, "shipped_at": timezone.now() - timedelta(days=5)} | facts)
    ParcelLineFactory(parcel=parcel, quantity=3)
    return parcel


def delivered(*, due: timedelta = timedelta(days=7), told: bool = False, **facts: Any) -> Watch:
    """A parcel that was delivered just now and counts as signed for ``due`` from now."""
    now = timezone.now()
    parcel = make_parcel(delivered_at=now, **facts)
    return WatchFactory(parcel=parcel, sign_due_at=now + due, told_at=now if told else None)


def troubled(kind: str, **facts: Any) -> ParcelException:
    """A parcel that somebody waits for in vain."""
    found = timezone.now()
    watch = WatchFactory(parcel=make_parcel(**facts))
    return ParcelExceptionFactory(parcel=watch.parcel, kind=kind, since=found - timedelta(days=1), found_at=found)


def _signed(**facts: Any) -> SignOff:
    parcel = delivered(**facts).parcel
    line = parcel.lines.get().order_line_id
    return sign(parcel, DeliveryReport({line: LineCount(2, {"damaged": 1})}), channel=SignOff.Channel.PORTAL)


WAYS: dict[str, Callable[..., object]] = {
    "delivery_late": lambda **facts: troubled(ExceptionKind.LATE, **facts),
    "delivery_silent": lambda **facts: troubled(ExceptionKind.SILENT, **facts),
    "delivery_damaged": lambda **facts: troubled(ExceptionKind.DAMAGED, **facts),
    "delivery_returned": lambda **facts: troubled(ExceptionKind.RETURNED, **facts),
    "delivery_lost": lambda **facts: troubled(ExceptionKind.LOST, **facts),
    "parcel_delivered": lambda **facts: delivered(**facts),
    "sign_off_due": lambda **facts: delivered(due=timedelta(hours=20), told=True, **facts),
    "parcel_signed": _signed,
    "signed_by_carrier": lambda **facts: sign_by_carrier(delivered(**facts).parcel, at=timezone.now()),
    "signed_by_time": lambda **facts: sign(delivered(**facts).parcel, DeliveryReport(), channel=SignOff.Channel.TIMER),
}


def told(topic: str, **facts: Any) -> Message:
    """The message of this topic, as the sweep makes it."""
    WAYS[topic](**facts)
    tell_deliveries()
    return Message.objects.get(topic=topic)
