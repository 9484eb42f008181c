"""Photos a shopper sends, each judged by itself: the good ones are kept, whatever is wrong with the others."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import ngettext

from signoff.pictures.cleaning import CleanPicture, clean_each

LIMIT = 12


@dataclass
class Sorted:
    """Pictures that are safe to keep, and a sentence for each file that is not."""

    pictures: list[CleanPicture] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def sort_photos(uploads: Iterable[UploadedFile], *, already: int) -> Sorted:
    """Redraw each upload; ``already`` photos are there, of ``LIMIT`` at most."""
    uploads = list(uploads)
    room = max(0, LIMIT - already)
    result = Sorted(*clean_each(uploads[:room]))
    if len(uploads) > room:
        result.refusals.append(_enough())
    return result


def _enough() -> str:
    return ngettext(
        "There is room for %(limit)d photo here. Remove one before you add another.",
        "There is room for %(limit)d photos here. Remove one before you add another.",
        LIMIT,
    ) % {"limit": LIMIT}
