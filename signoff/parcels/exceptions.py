"""What is wrong with parcels on their way: found, and settled by a person, by a case, or by arriving after all."""

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
    """Somebody else, or the parcel's arrival, was faster. The message is a sentence for the person who sees it."""


@transaction.atomic
def settle_exception(
    exception: ParcelException, *, by: User | None, as_: str, words: str = "", now: datetime | None = None
) -> ParcelException:
    """End an open exception as ``as_`` (``ParcelException.Settled``); ``by=None`` is the system itself.

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
    """Open what the carrier reports, unless it is open or was settled since; the parcel is locked by the caller.

    Nobody is bothered with parcels that nobody waits for any more: signed for, or of the past.
    """
    told = {kind: _since_delivery(kind, times, parcel.delivered_at) for kind, times in journey.troubles.items()}
    if not any(told.values()):
        return
    known = list(parcel.exceptions.all())
    if not (watched or known) or SignOff.objects.filter(parcel=parcel).exists():
        return
    for kind, times in told.items():
        _open(parcel, kind, times, [row for row in known if row.kind == kind], now)


def settle_outdated(parcel: Parcel, journey: Journey, *, now: datetime) -> None:
    """What is no longer so: what moves is not silent, what turned back is not late, what arrived is neither."""
    if parcel.delivered_at:
        settle_arrived(parcel, now=now)
        return
    moves = Q(kind=ExceptionKind.SILENT, since__lt=journey.heard_at)
    over = Q(kind__in=[ExceptionKind.LATE, ExceptionKind.SILENT]) if journey.returned_at else moves
    parcel.exceptions.open().filter(over).update(settled_at=now, settled_as=Settled.MOVED)


def settle_arrived(parcel: Parcel, *, now: datetime) -> None:
    """A parcel that is there is late and silent no more, nor lost, unless it was lost after that."""
    lost = Q(kind=ExceptionKind.LOST, since__lte=parcel.delivered_at)
    over = parcel.exceptions.open().filter(Q(kind__in=[ExceptionKind.LATE, ExceptionKind.SILENT]) | lost)
    over.update(settled_at=now, settled_as=Settled.ARRIVED)


def _since_delivery(kind: ExceptionKind, times: list[datetime], delivered_at: datetime | None) -> list[datetime]:
    """Lost before it was delivered is lost no more; other troubles outlast delivery."""
    return [at for at in times if kind != ExceptionKind.LOST or delivered_at is None or at > delivered_at]


def _open(
    parcel: Parcel, kind: ExceptionKind, times: list[datetime], known: list[ParcelException], now: datetime
) -> None:
    by_people = [row.settled_at for row in known if row.settled_at and row.settled_as != Settled.ARRIVED]
    settled_at = max(by_people, default=None)
    fresh = [at for at in times if settled_at is None or at > settled_at]
    still = next((row for row in known if row.settled_at is None), None)
    if still and fresh and still.since > fresh[0]:
        still.since = fresh[0]
        still.save()
    elif fresh and not still:
        row = ParcelException(parcel=parcel, kind=kind, since=fresh[0], found_at=now)
        ParcelException.objects.bulk_create([row], ignore_conflicts=True)
