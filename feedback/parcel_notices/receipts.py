"""Sign-offs that still need a receipt. They never change, so existing messages show which have one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Exists, F, Max, OuterRef, QuerySet

from feedback.messages.topics import TOPICS_OF_SIGNATURES
from feedback.models import Message
from returns.models import ReadingPlace
from signoff.models import Parcel, SignOff

READER = "sign_offs"
TRAILS = timedelta(minutes=10)  # numbers are given before a transaction commits: the place stays so far behind
PAST = timedelta(days=7)  # what was signed so long before it was recorded came with old data


@contextmanager
def reading(now: datetime) -> Iterator[QuerySet[SignOff]]:
    """The sign-offs recorded lately whose receipt is owed; those of more than ten minutes ago are seen a last time."""
    place = ReadingPlace.objects.get_or_create(reader=READER)[0]
    fresh = SignOff.objects.filter(pk__gt=place.entry)
    old = fresh.filter(recorded_at__lt=now - TRAILS).aggregate(last=Max("pk"))["last"]
    yield _owed(fresh)
    if old:
        ReadingPlace.objects.filter(pk=place.pk, entry__lt=old).update(entry=old)


def owed(parcel: Parcel) -> SignOff | None:
    """The valid sign-off of a parcel, if it still needs a receipt."""
    place = ReadingPlace.objects.filter(reader=READER).values_list("entry", flat=True).first() or 0
    return _owed(SignOff.objects.filter(pk__gt=place, parcel=parcel)).first()


def _owed(rows: QuerySet[SignOff]) -> QuerySet[SignOff]:
    """Valid ones that were signed for just now, and whose shopper has an address but no message since."""
    since = Message.objects.filter(
        parcel=OuterRef("parcel"), topic__in=TOPICS_OF_SIGNATURES, created_at__gte=OuterRef("recorded_at")
    )
    just_now = rows.filter(parcel__isnull=False, corrected_by=None, signed_at__gt=F("recorded_at") - PAST)
    return just_now.filter(~Exists(since), order__customer__email__gt="")
