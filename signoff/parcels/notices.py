"""Parcels whose shopper has yet to be notified, and marking them as notified.

Rows that another transaction has locked are skipped and left to the next sweep. So two sweeps never notify twice, and
none of them can deadlock.
"""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from signoff.db.required import required
from signoff.models import Parcel, ParcelException, Watch

NOTICE = timedelta(hours=24)  # between the warning and the automatic sign-off


def parcels_to_notify(now: datetime) -> list[int]:
    """Keys of parcels with a pending notice: delivered, automatic sign-off within a day, or an exception."""
    delivered = _delivered().filter(told_at=None)
    ending = _delivered().filter(_ending(now))
    with_exception = ParcelException.objects.open().filter(told_at=None)
    watched = [*delivered.values_list("pk", flat=True), *ending.values_list("pk", flat=True)]
    return sorted({*watched, *with_exception.values_list("parcel_id", flat=True)})


def lock_parcel(key: int) -> Parcel | None:
    """The parcel with order, shop and customer, locked for the transaction; None if it is locked already."""
    rows = Parcel.objects.select_for_update(of=["self"], no_key=True, skip_locked=True)
    return rows.select_related("order__shop", "order__customer").filter(pk=key).first()


def lock_watch(parcel: Parcel) -> Watch | None:
    """The watch of a locked parcel that is delivered and not signed for, locked too."""
    return _delivered().select_for_update(of=["self"], skip_locked=True).filter(parcel=parcel).first()


def lock_exceptions(parcel: Parcel) -> list[ParcelException]:
    """Open exceptions of a locked parcel of which the shopper was not notified, locked too."""
    unnotified = ParcelException.objects.open().filter(parcel=parcel, told_at=None)
    return list(unnotified.select_for_update(skip_locked=True).order_by("pk"))


def is_warning_due(watch: Watch, *, now: datetime) -> bool:
    """Whether to warn of automatic sign-off now: it is due within ``NOTICE`` and not paused."""
    return watch.paused_at is None and watch.warned_at is None and required(watch.sign_due_at) <= now + NOTICE


def sign_due_after_notice(watch: Watch, *, now: datetime) -> datetime:
    """When the timer may sign if the shopper is notified now: not before ``NOTICE`` has passed."""
    return max(required(watch.sign_due_at), now + NOTICE)


def mark_delivery_notified(watch: Watch, *, now: datetime) -> None:
    """Record that the shopper was notified of the delivery."""
    watch.told_at = now
    watch.save(update_fields=["told_at"])


def mark_warned(watch: Watch, *, now: datetime) -> None:
    """Record that the shopper was warned of automatic sign-off."""
    watch.warned_at = now
    watch.save(update_fields=["warned_at"])


def mark_exceptions_notified(exceptions: list[ParcelException], *, now: datetime) -> None:
    """Record that the shopper was notified of the exceptions, or has no address."""
    ParcelException.objects.filter(pk__in=[exception.pk for exception in exceptions]).update(told_at=now)


def _delivered() -> QuerySet:
    return Watch.objects.filter(sign_due_at__isnull=False).exclude(parcel__direction=Parcel.Direction.RETURN)


def _ending(now: datetime) -> Q:
    return Q(warned_at=None, paused_at=None, sign_due_at__lte=now + NOTICE)
