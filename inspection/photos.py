"""Keeping the bench's photos, at once, so that a refused form loses none."""

from collections.abc import Iterable

from django.contrib.auth.models import User

from inspection.models import Inspection, Photo
from returns.models import Case, Line
from signoff.pictures.cleaning import CleanPicture
from signoff.pictures.publishing import publish


def keep(
    pictures: Iterable[CleanPicture],
    *,
    case: Case,
    by: User,
    inspection: Inspection | None = None,
    line: Line | None = None,
) -> None:
    """Store clean pictures as photos of the case."""
    for clean in pictures:
        publish(Photo(case=case, inspection=inspection, line=line, taken_by=by), clean)
