"""Save the bench's photos before the form is checked, so that a refused form loses none."""

from collections.abc import Collection, Iterable, Mapping

from django.contrib.auth.models import User
from django.db import transaction

from inspection.models import Inspection, Photo
from inspection.queries import photos_of_case
from returns.logbook.digests import check_pictures, pinned_pictures, tokens_in
from returns.models import Case, Line
from signoff.pictures.clean import CleanPicture
from signoff.pictures.store import publish

PHOTO = "photo"


def keep(
    pictures: Iterable[CleanPicture],
    *,
    case: Case,
    by: User,
    inspection: Inspection | None = None,
    line: Line | None = None,
) -> None:
    """Store clean pictures as photos of the case; one that was sent before, for the same line, is kept once."""
    if not (sent := {picture.sha256: picture for picture in pictures}):
        return
    with transaction.atomic():
        Case.objects.select_for_update().values_list("pk").get(pk=case.pk)
        known = set(case.photos.filter(line=line, sha256__in=sent).values_list("sha256", flat=True))
        for sha256, clean in sent.items():
            if sha256 not in known:
                publish(Photo(case=case, inspection=inspection, line=line, taken_by=by), clean)


def pinned(case: Case) -> dict[str, str]:
    """What the next entry of a locked case pins: every photo of it that the bench has taken so far."""
    return pinned_pictures(PHOTO, photos_of_case(case))


def check_photos(pinned: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """How ``returns.logbook.digests`` finds out whether photos are still what was pinned."""
    return check_pictures(Photo.objects.filter(token__in=tokens_in(pinned)), pinned)
