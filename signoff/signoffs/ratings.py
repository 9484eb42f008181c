"""Ratings of shop and carrier by the shopper, once per parcel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.db.required import required
from signoff.models import Parcel, Rating, SignOff


class AlreadyRated(Exception):
    """The delivery was rated before. The message is a sentence for the page."""


@dataclass(frozen=True)
class Stars:
    """A rating from 1 (worst) to 5, with a comment."""

    stars: int
    words: str = ""


@transaction.atomic
def rate(sign_off: SignOff, stars: Mapping[str, Stars], *, now: datetime | None = None) -> list[Rating]:
    """Store the ratings ``stars``, by ``Rating.About``. Raises ``AlreadyRated``."""
    Parcel.objects.select_for_update(no_key=True).get(pk=required(sign_off.parcel_id))
    if Rating.objects.filter(parcel=sign_off.parcel, about__in=list(stars)).exists():
        raise AlreadyRated(_("You've already rated this delivery. Thank you!"))
    return Rating.objects.bulk_create(
        Rating(
            order_id=sign_off.order_id,
            parcel=sign_off.parcel,
            sign_off=sign_off,
            about=about,
            stars=rating.stars,
            words=rating.words,
            given_at=now or timezone.now(),
        )
        for about, rating in stars.items()
    )
