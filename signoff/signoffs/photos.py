"""Photos of a delivery, stored from the first upload until the parcel is signed for."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from signoff.models import OrderLine, Parcel, SignOffPhoto
from signoff.pictures.clean import CleanPicture
from signoff.pictures.store import store_new

#: somewhat longer than a link to sign is valid
RETENTION = timedelta(days=100)


@transaction.atomic
def attach(parcel: Parcel, *, line: OrderLine | None, pictures: Iterable[CleanPicture]) -> list[str]:
    """Store pictures of a line, or of the outside (``line`` None); returns the refusals of ``store_new``.

    The limit is the parcel's, because one sign-off pins all its photos; the same picture may show two lines.
    """
    waiting = _locked(parcel)
    same_line = [photo for photo in waiting if photo.order_line_id == (line.pk if line else None)]
    return store_new(
        pictures,
        existing=same_line,
        others=len(waiting) - len(same_line),
        make=lambda: SignOffPhoto(parcel=parcel, order_line=line),
    )


@transaction.atomic
def detach(parcel: Parcel, *, token: str) -> None:
    """Delete a waiting photo. Does nothing if it is gone or part of a sign-off."""
    for photo in _locked(parcel):
        if str(photo.token) == token:
            _remove(photo)


def forget_photos(now: datetime | None = None) -> None:
    """Delete photos that became part of no sign-off within ``RETENTION``."""
    before = (now or timezone.now()) - RETENTION
    for photo in SignOffPhoto.objects.filter(sign_off=None, uploaded_at__lt=before):
        with transaction.atomic():
            _remove(photo)


def _locked(parcel: Parcel) -> list[SignOffPhoto]:
    """The waiting photos; the parcel is locked, so that no other request adds one or signs meanwhile."""
    Parcel.objects.select_for_update(no_key=True).get(pk=parcel.pk)
    return list(SignOffPhoto.objects.waiting(parcel))


def _remove(photo: SignOffPhoto) -> None:
    photo.erase()
    photo.delete()
