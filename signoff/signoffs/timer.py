"""Automatic sign-off some days after delivery: not while a case is open, and only after a warning."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.utils import timezone

from signoff.models import Parcel, SignOff, Watch
from signoff.orders.in_use import with_open_work
from signoff.parcels.contents import with_everything_settled
from signoff.signoffs.actions import AlreadySigned, lock, sign
from signoff.signoffs.rules import DeliveryReport

logger = logging.getLogger(__name__)
BATCH = 500
NOTICE = timedelta(hours=24)


def sign_due(now: datetime | None = None, *, at_once: int = BATCH) -> int:
    """Pause and resume the timers of delivered parcels, sign those that are due; returns the number signed.

    ``at_once`` is the batch size.
    """
    now = now or timezone.now()
    signed = 0
    for watches in _batches(at_once):
        _end_settled(watches)
        _pause_and_resume(watches, now=now)
        due = Watch.objects.filter(pk__in=[key for key, _order in watches], paused_at=None, sign_due_at__lte=now)
        signed += sum(_sign_and_log_errors(key, now=now) for key in list(due.values_list("pk", flat=True)))
    return signed


def is_sign_off_due(watch: Watch, *, can_be_warned: bool, now: datetime) -> bool:
    """Whether the timer may sign now: not paused, past ``sign_due_at``, and warned ``NOTICE`` ago where possible."""
    if watch.paused_at or watch.sign_due_at is None or watch.sign_due_at > now:
        return False
    return not can_be_warned or (watch.warned_at is not None and watch.warned_at <= now - NOTICE)


def _batches(at_once: int) -> Iterator[list[tuple[int, int]]]:
    """Batches of (watch key, order key) of delivered parcels that are not signed; a query for each batch."""
    delivered = Watch.objects.filter(sign_due_at__isnull=False).exclude(parcel__direction=Parcel.Direction.RETURN)
    waiting = delivered.order_by("pk").values_list("pk", "parcel__order")
    last = 0
    while batch := list(waiting.filter(pk__gt=last)[:at_once]):
        yield batch
        last = batch[-1][0]


def _end_settled(watches: Sequence[tuple[int, int]]) -> None:
    """End the watches of parcels whose goods finished cases have settled: nobody has to sign for them."""
    settled = Parcel.objects.filter(with_everything_settled(), watch__in=[key for key, _order in watches])
    Watch.objects.filter(parcel__in=settled.values("pk")).delete()


def _pause_and_resume(watches: Sequence[tuple[int, int]], *, now: datetime) -> None:
    """Pause timers while a case is open; resuming moves the due date by the pause and voids the earlier warning."""
    busy = with_open_work({order for _key, order in watches})
    at_work = [key for key, order in watches if order in busy]
    at_rest = [key for key, order in watches if order not in busy]
    Watch.objects.filter(pk__in=at_work, paused_at=None).update(paused_at=now)
    moved = ExpressionWrapper(F("sign_due_at") + (Value(now) - F("paused_at")), output_field=DateTimeField())
    Watch.objects.filter(pk__in=at_rest, paused_at__isnull=False).update(
        sign_due_at=moved, paused_at=None, warned_at=None
    )


def _sign_and_log_errors(key: int, *, now: datetime) -> bool:
    """Sign for one parcel in its own transaction, so that one failure does not stop the others."""
    try:
        with transaction.atomic():
            return _sign(Parcel(pk=key), now=now)
    except OperationalError as error:  # another transaction locks the row longer than lock_timeout
        logger.warning("Parcel %s waits for the next sweep: %s", key, error)
    except DatabaseError:
        logger.exception("The timer leaves parcel %s as it is", key)
    return False


def _sign(parcel: Parcel, *, now: datetime) -> bool:
    parcel = lock(parcel)
    watch = Watch.objects.filter(parcel=parcel).first()
    buyer = parcel.order.customer
    if watch is None or not is_sign_off_due(watch, can_be_warned=bool(buyer and buyer.email), now=now):
        return False
    if with_open_work([parcel.order_id]):
        return False
    try:
        sign(parcel, DeliveryReport(), channel=SignOff.Channel.TIMER, signed_at=now, now=now)
    except AlreadySigned:
        Watch.objects.filter(parcel=parcel).delete()
        return False
    return True
