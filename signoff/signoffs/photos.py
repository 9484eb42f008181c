"""Photos of a delivery, kept from the first upload on, until somebody signs for the parcel."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from signoff.models import OrderLine, Parcel, SignOffPhoto
from signoff.pictures.clean import LIMIT, CleanPicture
from signoff.pictures.store import publish

#: as long as a link to sign lasts, and somewhat longer
KEPT = timedelta(days=100)


@transaction.atomic
def attach(parcel: Parcel, *, line: OrderLine | None, pictures: Iterable[CleanPicture]) -> list[SignOffPhoto]:
    """Keep pictures of a line, or of the outside (``line`` None); returns those that are new.

    One that was sent before is kept once, and never more wait than ``LIMIT``.
    """
    waiting = _locked(parcel)
    known = {photo.sha256 for photo in waiting if photo.order_line_id == (line.pk if line else None)}
    new = [picture for sha256, picture in {one.sha256: one for one in pictures}.items() if sha256 not in known]
    room = max(0, LIMIT - len(waiting))
    return [publish(SignOffPhoto(parcel=parcel, order_line=line), picture) for picture in new[:room]]


@transaction.atomic
def detach(parcel: Parcel, *, token: str) -> None:
    """Throw a waiting photo away; one that is gone already, or was signed with, is left as it is."""
    for photo in _locked(parcel):
        if str(photo.token) == token:
            _remove(photo)


def forget_photos(now: datetime | None = None) -> None:
    """Throw photos away that nobody has signed with in time."""
    before = (now or timezone.now()) - KEPT
    for photo in SignOffPhoto.objects.filter(sign_off=None, uploaded_at__lt=before):
        with transaction.atomic():
            _remove(photo)


def _locked(parcel: Parcel) -> list[SignOffPhoto]:
    """What waits, while nobody else adds or signs."""
    Parcel.objects.select_for_update(no_key=True).get(pk=parcel.pk)
    return list(SignOffPhoto.objects.waiting(parcel))


def _remove(photo: SignOffPhoto) -> None:
    photo.erase()
    photo.delete()
