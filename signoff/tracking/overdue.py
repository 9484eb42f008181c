"""Opens parcel exceptions by time: the promised day has passed, or the carrier reports no updates."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from signoff.models import ExceptionKind, ParcelException, Shop, Watch
from signoff.parcels.terms import terms_of

BATCH_SIZE = 500

type Since = Callable[[Watch], datetime]


def open_exceptions(now: datetime | None = None) -> int:
    """Open an exception for each watched parcel that is late or without updates; returns their number.

    A handled exception is not opened again for the same promised day or the same last update.
    """
    now = now or timezone.now()
    return sum(_open_in_shop(shop, now) for shop in Shop.objects.order_by("pk"))


def _open_in_shop(shop: Shop, now: datetime) -> int:
    zone, quiet_time = ZoneInfo(shop.time_zone), timedelta(days=terms_of(shop).quiet_days)
    today = timezone.localdate(now, zone)

    def end_of_promised_day(watch: Watch) -> datetime:
        promised_on = watch.parcel.promised_on or today  # the query has no parcel without a promised day
        return datetime.combine(promised_on + timedelta(days=1), time.min, zone)

    in_transit = Watch.objects.filter(parcel__order__shop=shop, sign_due_at=None)
    late = _open_for(in_transit.filter(parcel__promised_on__lt=today), ExceptionKind.LATE, end_of_promised_day, now)
    return late + _open_for(in_transit.filter(heard_at__lt=now - quiet_time), ExceptionKind.SILENT, _last_news, now)


def _last_news(watch: Watch) -> datetime:
    return watch.heard_at


def _open_for(watches: QuerySet[Watch], kind: str, since: Since, now: datetime) -> int:
    """Open exceptions in small transactions: carriers' updates wait for the locked watches."""
    opened_count, after = 0, 0
    while (rows := _open_batch(watches.filter(pk__gt=after), kind, since, now)) is not None:
        after, opened = rows
        opened_count += opened
    return opened_count


@transaction.atomic
def _open_batch(watches: QuerySet[Watch], kind: str, since: Since, now: datetime) -> tuple[int, int] | None:
    """The last key of the batch and the number of exceptions opened; None at the end.

    The watches stay locked until the exceptions are inserted: an update about an arrival waits and then closes them.
    Watches that are locked already are left to the next sweep.
    """
    earlier = ParcelException.objects.filter(parcel=OuterRef("pk"), kind=kind).order_by("-since")
    watches = watches.select_for_update(skip_locked=True, of=["self"]).select_related("parcel").order_by("pk")
    rows = list(watches.annotate(earlier_since=Subquery(earlier.values("since")[:1]))[:BATCH_SIZE])
    if not rows:
        return None
    new = [
        ParcelException(parcel=watch.parcel, kind=kind, since=since(watch), found_at=now)
        for watch in rows
        if watch.earlier_since is None or watch.earlier_since < since(watch)
    ]
    ParcelException.objects.bulk_create(new, ignore_conflicts=True)
    return rows[-1].pk, len(new)
