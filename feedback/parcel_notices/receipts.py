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
TRAILS = timedelta(minutes=10)  # primary keys are assigned before a commit, so the reading place trails by this time
PAST = timedelta(days=7)  # a sign-off recorded this long after it was signed came with old data


@contextmanager
def sign_offs_to_read(now: datetime) -> Iterator[QuerySet[SignOff]]:
    """Recent sign-offs that need a receipt; those recorded more than ten minutes ago are not read again."""
    place = ReadingPlace.objects.get_or_create(reader=READER)[0]
    fresh = SignOff.objects.filter(pk__gt=place.entry)
    old = fresh.filter(recorded_at__lt=now - TRAILS).aggregate(last=Max("pk"))["last"]
    yield _receipts_due(fresh)
    if old:
        ReadingPlace.objects.filter(pk=place.pk, entry__lt=old).update(entry=old)


def receipt_due(parcel: Parcel) -> SignOff | None:
    """The valid sign-off of a parcel, if it still needs a receipt."""
    place = ReadingPlace.objects.filter(reader=READER).values_list("entry", flat=True).first() or 0
    return _receipts_due(SignOff.objects.filter(pk__gt=place, parcel=parcel)).first()


def _receipts_due(rows: QuerySet[SignOff]) -> QuerySet[SignOff]:
    """Sign-offs in force, recorded soon after they were signed, whose shopper has an address but no message since."""
    since = Message.objects.filter(
        parcel=OuterRef("parcel"), topic__in=TOPICS_OF_SIGNATURES, created_at__gte=OuterRef("recorded_at")
    )
    just_now = rows.filter(parcel__isnull=False, corrected_by=None, signed_at__gt=F("recorded_at") - PAST)
    return just_now.filter(~Exists(since), order__customer__email__gt="")
