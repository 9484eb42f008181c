"""What is wrong with parcels on their way: found, and settled by a person, by a case, or by arriving after all."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.models import ParcelException

Settled = ParcelException.Settled
RIGHT = "signoff.change_parcelexception"


class AlreadySettled(Exception):
    """Somebody else, or the parcel's arrival, was faster. The message is a sentence for the person who sees it."""


@transaction.atomic
def settle(
    exception: ParcelException, *, by: User | None, as_: str, words: str = "", now: datetime | None = None
) -> ParcelException:
    """End an open exception as ``as_`` (``ParcelException.Settled``); ``by=None`` is the system itself.

    Returns the freshly locked, saved row. Raises ``AlreadySettled``, ``PermissionDenied``.
    """
    locked = ParcelException.objects.select_for_update().get(pk=exception.pk)
    if locked.settled_at:
        raise AlreadySettled(
            _("This is settled already (%(how)s). Look at it under “Settled”.")
            % {"how": locked.get_settled_as_display()}
        )
    if by is not None and not by.has_perm(RIGHT):
        raise PermissionDenied
    locked.settled_at, locked.settled_as, locked.settled_by = now or timezone.now(), as_, by
    locked.words = words
    locked.save()
    return locked
