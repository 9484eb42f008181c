"""Save the bench's photos before the form is checked, so that a refused form loses none."""

from collections.abc import Collection, Iterable, Mapping

from django.contrib.auth.models import User
from django.db import transaction

from inspection.models import Inspection, Photo
from inspection.queries import photos_of_case
from returns.logbook.digests import check_pictures, pinned_pictures, tokens_in
from returns.models import Case, Line
from signoff.pictures.clean import CleanPicture
from signoff.pictures.store import store_new

PHOTO = "photo"


def store_photos(
    pictures: Iterable[CleanPicture],
    *,
    case: Case,
    by: User,
    inspection: Inspection | None = None,
    line: Line | None = None,
) -> list[str]:
    """Store photos of the case's line, or of the parcel's outside; returns the refusals of ``store_new``."""
    pictures = list(pictures)
    if not pictures:  # spares the lock: most posts bring none
        return []
    with transaction.atomic():
        Case.objects.select_for_update().values_list("pk").get(pk=case.pk)
        return store_new(
            pictures,
            existing=case.photos.filter(line=line),
            make=lambda: Photo(case=case, inspection=inspection, line=line, taken_by=by),
        )


def pinned(case: Case) -> dict[str, str]:
    """What the next entry of a locked case pins: every photo of it that the bench has taken so far."""
    return pinned_pictures(PHOTO, photos_of_case(case))


def check_photos(pinned: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """How ``returns.logbook.digests`` finds out whether photos are still what was pinned."""
    return check_pictures(Photo.objects.filter(token__in=tokens_in(pinned)), pinned)
