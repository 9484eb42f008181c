"""Who is still to hear what about a parcel, and keeping that they have heard it.

Nobody is waited for: a parcel that somebody else is at is left to the next sweep. So no two sweeps tell the same, and
a sweep cannot be caught in a deadlock.
"""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from signoff.db.required import required
from signoff.models import Parcel, ParcelException, Watch

NOTICE = timedelta(hours=24)  # so long before time signs, the shopper is warned


def parcels_to_notify(now: datetime) -> list[int]:
    """Keys of parcels that were delivered, will be signed for by time within a day, or are in trouble, all untold."""
    delivered = _delivered().filter(told_at=None)
    ending = _delivered().filter(_ending(now))
    troubled = ParcelException.objects.open().filter(told_at=None)
    found = [*delivered.values_list("pk", flat=True), *ending.values_list("pk", flat=True)]
    return sorted({*found, *troubled.values_list("parcel_id", flat=True)})


def lock_parcel(key: int) -> Parcel | None:
    """The parcel with order, shop and customer, locked for the transaction; None while somebody else is at it."""
    rows = Parcel.objects.select_for_update(of=["self"], no_key=True, skip_locked=True)
    return rows.select_related("order__shop", "order__customer").filter(pk=key).first()


def lock_watch(parcel: Parcel) -> Watch | None:
    """The watch of a locked parcel that was delivered and is to be signed for, locked too."""
    return _delivered().select_for_update(of=["self"], skip_locked=True).filter(parcel=parcel).first()


def lock_exceptions(parcel: Parcel) -> list[ParcelException]:
    """What is wrong with a locked parcel and was not told yet, locked too."""
    untold = ParcelException.objects.open().filter(parcel=parcel, told_at=None)
    return list(untold.select_for_update(skip_locked=True).order_by("pk"))


def is_warning_due(watch: Watch, *, now: datetime) -> bool:
    """Whether the shopper is to be warned now: time signs within a day, and does not stand still."""
    return watch.paused_at is None and watch.warned_at is None and required(watch.sign_due_at) <= now + NOTICE


def sign_due_after_notice(watch: Watch, *, now: datetime) -> datetime:
    """When time signs for a parcel whose shopper is told now: not before they have had a day."""
    return max(required(watch.sign_due_at), now + NOTICE)


def mark_delivery_notified(watch: Watch, *, now: datetime) -> None:
    """The shopper knows that the parcel was delivered."""
    watch.told_at = now
    watch.save(update_fields=["told_at"])


def mark_warned(watch: Watch, *, now: datetime) -> None:
    """The shopper knows that time signs soon."""
    watch.warned_at = now
    watch.save(update_fields=["warned_at"])


def mark_exceptions_notified(troubles: list[ParcelException], *, now: datetime) -> None:
    """The shopper knows what is wrong, or there is nobody who could be told."""
    ParcelException.objects.filter(pk__in=[trouble.pk for trouble in troubles]).update(told_at=now)


def _delivered() -> QuerySet:
    return Watch.objects.filter(sign_due_at__isnull=False).exclude(parcel__direction=Parcel.Direction.RETURN)


def _ending(now: datetime) -> Q:
    return Q(warned_at=None, paused_at=None, sign_due_at__lte=now + NOTICE)
