"""For each message topic about a parcel, a function that makes a parcel send it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from feedback.models import Message
from feedback.parcel_notices.actions import notify_deliveries
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


def make_delivered_watch(*, due: timedelta = timedelta(days=7), told: bool = False, **facts: Any) -> Watch:
    """A parcel that was delivered just now and counts as signed for ``due`` from now."""
    now = timezone.now()
    parcel = make_parcel(delivered_at=now, **facts)
    return WatchFactory(parcel=parcel, sign_due_at=now + due, told_at=now if told else None)


def make_exception(kind: str, **facts: Any) -> ParcelException:
    """A parcel with an exception of this kind."""
    found = timezone.now()
    watch = WatchFactory(parcel=make_parcel(**facts))
    return ParcelExceptionFactory(parcel=watch.parcel, kind=kind, since=found - timedelta(days=1), found_at=found)


def _signed(**facts: Any) -> SignOff:
    parcel = make_delivered_watch(**facts).parcel
    line = parcel.lines.get().order_line_id
    return sign(parcel, DeliveryReport({line: LineCount(2, {"damaged": 1})}), channel=SignOff.Channel.PORTAL)


PARCEL_TOPICS: dict[str, Callable[..., object]] = {
    "delivery_late": lambda **facts: make_exception(ExceptionKind.LATE, **facts),
    "delivery_silent": lambda **facts: make_exception(ExceptionKind.SILENT, **facts),
    "delivery_damaged": lambda **facts: make_exception(ExceptionKind.DAMAGED, **facts),
    "delivery_returned": lambda **facts: make_exception(ExceptionKind.RETURNED, **facts),
    "delivery_lost": lambda **facts: make_exception(ExceptionKind.LOST, **facts),
    "parcel_delivered": lambda **facts: make_delivered_watch(**facts),
    "sign_off_due": lambda **facts: make_delivered_watch(due=timedelta(hours=20), told=True, **facts),
    "parcel_signed": _signed,
    "signed_by_carrier": lambda **facts: sign_by_carrier(make_delivered_watch(**facts).parcel, at=timezone.now()),
    "signed_by_time": lambda **facts: sign(
        make_delivered_watch(**facts).parcel, DeliveryReport(), channel=SignOff.Channel.TIMER
    ),
}


def make_topic_message(topic: str, **facts: Any) -> Message:
    """The message of this topic, as the sweep makes it."""
    PARCEL_TOPICS[topic](**facts)
    notify_deliveries()
    return Message.objects.get(topic=topic)
