"""Time signs in the end: some days after delivery, not while a case is open, and not without a warning."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.utils import timezone

from signoff.models import Parcel, SignOff, Watch
from signoff.orders.in_use import with_open_work
from signoff.signoffs.actions import AlreadySigned, lock, sign
from signoff.signoffs.rules import Receipt

logger = logging.getLogger(__name__)
BATCH = 500
NOTICE = timedelta(hours=24)


def sign_due(now: datetime | None = None, *, at_once: int = BATCH) -> int:
    """Stop and restart the clocks of delivered parcels, then sign for those whose time is up; returns how many.

    ``at_once`` parcels are looked at together.
    """
    now = now or timezone.now()
    signed = 0
    for watches in _batches(at_once):
        _stop_and_go(watches, now=now)
        due = Watch.objects.filter(pk__in=[key for key, _order in watches], paused_at=None, sign_due_at__lte=now)
        signed += sum(_goes(key, now=now) for key in list(due.values_list("pk", flat=True)))
    return signed


def time_is_up(watch: Watch, *, can_be_warned: bool, now: datetime) -> bool:
    """Whether the timer may sign now: not paused, past its day, and warned long enough ago where anybody can be."""
    if watch.paused_at or watch.sign_due_at is None or watch.sign_due_at > now:
        return False
    return not can_be_warned or (watch.warned_at is not None and watch.warned_at <= now - NOTICE)


def _batches(at_once: int) -> Iterator[list[tuple[int, int]]]:
    """Keys of parcels that wait for a signature, with their orders'; each batch is asked for when it is needed."""
    delivered = Watch.objects.filter(sign_due_at__isnull=False).exclude(parcel__direction=Parcel.Direction.RETURN)
    waiting = delivered.order_by("pk").values_list("pk", "parcel__order")
    last = 0
    while batch := list(waiting.filter(pk__gt=last)[:at_once]):
        yield batch
        last = batch[-1][0]


def _stop_and_go(watches: Sequence[tuple[int, int]], *, now: datetime) -> None:
    """Time stands still while a case is open; its day moves by as long, and a warning of another day counts no more."""
    busy = with_open_work({order for _key, order in watches})
    at_work = [key for key, order in watches if order in busy]
    at_rest = [key for key, order in watches if order not in busy]
    Watch.objects.filter(pk__in=at_work, paused_at=None).update(paused_at=now)
    moved = ExpressionWrapper(F("sign_due_at") + (Value(now) - F("paused_at")), output_field=DateTimeField())
    Watch.objects.filter(pk__in=at_rest, paused_at__isnull=False).update(
        sign_due_at=moved, paused_at=None, warned_at=None
    )


def _goes(key: int, *, now: datetime) -> bool:
    """Sign for one parcel in a transaction of its own, so that a broken one keeps no other waiting."""
    try:
        with transaction.atomic():
            return _sign(Parcel(pk=key), now=now)
    except OperationalError as error:  # somebody holds the parcel longer than the lock's timeout
        logger.warning("Parcel %s waits for the next sweep: %s", key, error)
    except DatabaseError:
        logger.exception("The timer leaves parcel %s as it is", key)
    return False


def _sign(parcel: Parcel, *, now: datetime) -> bool:
    parcel = lock(parcel)
    watch = Watch.objects.filter(parcel=parcel).first()
    buyer = parcel.order.customer
    if watch is None or not time_is_up(watch, can_be_warned=bool(buyer and buyer.email), now=now):
        return False
    if with_open_work([parcel.order_id]):
        return False
    try:
        sign(parcel, Receipt(), channel=SignOff.Channel.TIMER, signed_at=now, now=now)
    except AlreadySigned:
        Watch.objects.filter(parcel=parcel).delete()
        return False
    return True
