"""Open and settle parcel exceptions: by carrier events, by staff, by a case, or on delivery."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.models import ExceptionKind, Parcel, ParcelException, SignOff
from signoff.parcels.progress import Journey

Settled = ParcelException.Settled
RIGHT = "signoff.change_parcelexception"


class AlreadySettled(Exception):
    """The exception was settled before. The message is a sentence for the page."""


@transaction.atomic
def settle_exception(
    exception: ParcelException, *, by: User | None, as_: str, words: str = "", now: datetime | None = None
) -> ParcelException:
    """Settle an open exception as ``as_`` (``ParcelException.Settled``); ``by=None`` is the system.

    Returns the freshly locked, saved row. Raises ``AlreadySettled``, ``PermissionDenied``.
    """
    locked = ParcelException.objects.select_for_update().get(pk=exception.pk)
    if locked.settled_at:
        raise AlreadySettled(
            _("This has already been handled (%(how)s). See it under “Handled”.")
            % {"how": locked.get_settled_as_display()}
        )
    if by is not None and not by.has_perm(RIGHT):
        raise PermissionDenied
    locked.settled_at, locked.settled_as, locked.settled_by = now or timezone.now(), as_, by
    locked.words = words
    locked.save()
    return locked


def open_reported(parcel: Parcel, journey: Journey, *, watched: bool, now: datetime) -> None:
    """Open the exceptions that the carrier reports, unless open or settled since. The caller has locked the parcel.

    ``watched``: somebody waits for it, or has just heard of it for the first time. Parcels that are signed for, or too
    old to be watched, get none: nobody could act on them.
    """
    times_by_kind = {
        kind: _since_delivery(kind, times, parcel.delivered_at) for kind, times in journey.exceptions.items()
    }
    if not any(times_by_kind.values()):
        return
    existing = list(parcel.exceptions.all())
    if not (watched or existing) or SignOff.objects.filter(parcel=parcel).exists():
        return
    for kind, times in times_by_kind.items():
        _open(parcel, kind, times, [row for row in existing if row.kind == kind], now)


def settle_outdated(parcel: Parcel, journey: Journey, *, now: datetime) -> None:
    """Settle exceptions that later events contradict: movement ends silence, a return or delivery ends lateness."""
    if parcel.delivered_at:
        settle_arrived(parcel, now=now)
        return
    moves = Q(kind=ExceptionKind.SILENT, since__lt=journey.heard_at)
    outdated = Q(kind__in=[ExceptionKind.LATE, ExceptionKind.SILENT]) if journey.returned_at else moves
    parcel.exceptions.open().filter(outdated).update(settled_at=now, settled_as=Settled.MOVED)


def settle_arrived(parcel: Parcel, *, now: datetime) -> None:
    """Settle lateness, silence and earlier loss of a delivered parcel."""
    lost = Q(kind=ExceptionKind.LOST, since__lte=parcel.delivered_at)
    settled = parcel.exceptions.open().filter(Q(kind__in=[ExceptionKind.LATE, ExceptionKind.SILENT]) | lost)
    settled.update(settled_at=now, settled_as=Settled.ARRIVED)


def _since_delivery(kind: ExceptionKind, times: list[datetime], delivered_at: datetime | None) -> list[datetime]:
    """The times that still matter after delivery; a loss reported before it does not."""
    return [at for at in times if kind != ExceptionKind.LOST or delivered_at is None or at > delivered_at]


def _open(
    parcel: Parcel, kind: ExceptionKind, times: list[datetime], existing: list[ParcelException], now: datetime
) -> None:
    by_people = [row.settled_at for row in existing if row.settled_at and row.settled_as != Settled.ARRIVED]
    settled_at = max(by_people, default=None)
    later = [at for at in times if settled_at is None or at > settled_at]
    open_row = next((row for row in existing if row.settled_at is None), None)
    if open_row and later and open_row.since > later[0]:
        open_row.since = later[0]
        open_row.save()
    elif later and not open_row:
        row = ParcelException(parcel=parcel, kind=kind, since=later[0], found_at=now)
        ParcelException.objects.bulk_create([row], ignore_conflicts=True)
