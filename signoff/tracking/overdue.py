"""What the clock finds wrong with parcels on their way: the promised day is over, or the carrier is silent."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from signoff.models import ParcelException, Shop, Trouble, Watch
from signoff.parcels.terms import terms_of

AT_ONCE = 500

type Since = Callable[[Watch], datetime]


def find(now: datetime | None = None) -> int:
    """Open an exception for each watched parcel that is late or silent; returns for how many.

    What was settled is not opened again for the same promise or the same silence.
    """
    now = now or timezone.now()
    return sum(_find_in(shop, now) for shop in Shop.objects.order_by("pk"))


def _find_in(shop: Shop, now: datetime) -> int:
    zone, quiet = ZoneInfo(shop.time_zone), timedelta(days=terms_of(shop).quiet_days)
    today = timezone.localdate(now, zone)

    def day_over(watch: Watch) -> datetime:
        return datetime.combine(watch.parcel.promised_on + timedelta(days=1), time.min, zone)

    on_its_way = Watch.objects.filter(parcel__order__shop=shop, sign_due_at=None)
    late = _open_for(on_its_way.filter(parcel__promised_on__lt=today), Trouble.LATE, day_over, now)
    return late + _open_for(on_its_way.filter(heard_at__lt=now - quiet), Trouble.SILENT, _last_heard, now)


def _last_heard(watch: Watch) -> datetime:
    return watch.heard_at


def _open_for(watches: QuerySet[Watch], kind: str, since: Since, now: datetime) -> int:
    """In small transactions, so that nobody waits for a long one."""
    earlier = ParcelException.objects.filter(parcel=OuterRef("pk"), kind=kind).order_by("-since")
    watches = watches.annotate(found_since=Subquery(earlier.values("since")[:1])).select_related("parcel")
    found, after = 0, 0
    while (rows := _batch(watches.filter(pk__gt=after), kind, since, now)) is not None:
        after, opened = rows
        found += opened
    return found


@transaction.atomic
def _batch(watches: QuerySet[Watch], kind: str, since: Since, now: datetime) -> tuple[int, int] | None:
    """The last key looked at and how many were opened; None at the end.

    The watches stay locked until the rows are there: who hears of an arrival meanwhile waits, and settles them. Who
    is at it already is left to the next sweep.
    """
    rows = list(watches.select_for_update(skip_locked=True, of=["self"]).order_by("pk")[:AT_ONCE])
    if not rows:
        return None
    new: list[Any] = [
        ParcelException(parcel=watch.parcel, kind=kind, since=since(watch), found_at=now)
        for watch in rows
        if watch.found_since is None or watch.found_since < since(watch)
    ]
    ParcelException.objects.bulk_create(new, ignore_conflicts=True)
    return rows[-1].pk, len(new)
