"""Photos of the bench, stored before the form is validated, so that an invalid form loses none."""

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
    if not pictures:  # no lock without photos: most requests have none
        return []
    with transaction.atomic():
        Case.objects.select_for_update().values_list("pk").get(pk=case.pk)
        return store_new(
            pictures,
            existing=case.photos.filter(line=line),
            make=lambda: Photo(case=case, inspection=inspection, line=line, taken_by=by),
        )


def pinned(case: Case) -> dict[str, str]:
    """Digests of all bench photos of a locked case, to be pinned by its next logbook entry."""
    return pinned_pictures(PHOTO, photos_of_case(case))


def check_photos(pinned: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The pinned digests that the photos still have; ``returns.logbook.digests`` calls it."""
    return check_pictures(Photo.objects.filter(token__in=tokens_in(pinned)), pinned)
