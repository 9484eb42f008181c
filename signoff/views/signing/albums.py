"""The photos of a parcel that wait until somebody signs: one album for its outside, one for each line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from signoff.actions.delivery_photos import attach, detach
from signoff.contents import Content
from signoff.models import OrderLine, Parcel, SignOffPhoto
from signoff.pictures.sorting import sort_photos
from signoff.views.signing.doors import Door, shown

OUTSIDE = "outside"


@dataclass
class Album:
    """Photos of one thing, as ``components/pictures.html`` shows them, and what was wrong with those just sent."""

    name: str
    line: OrderLine | None = None
    photos: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def albums_of(door: Door, contents: Sequence[Content]) -> dict[str, Album]:
    """All albums by their name, with what waits in each."""
    albums = {OUTSIDE: Album(OUTSIDE)} | {album.name: album for album in _of_lines(contents)}
    by_line = {album.line.pk: album for album in albums.values() if album.line}
    for photo in SignOffPhoto.objects.waiting(door.parcel):
        album = by_line.get(photo.order_line_id or 0, albums[OUTSIDE])
        album.photos += shown([photo], door)
    return albums


def keep_photos(request: HttpRequest, door: Door, contents: Sequence[Content]) -> dict[str, list[str]]:
    """Keep whatever came that can be kept, and throw away what was to be removed; sentences about the rest by album."""
    refusals: dict[str, list[str]] = {}
    if gone := request.POST.get("remove"):
        detach(door.parcel, token=gone)
    for album in [Album(OUTSIDE), *_of_lines(contents)]:
        if uploads := request.FILES.getlist(f"{album.name}-photos"):
            result = sort_photos(uploads, already=_waiting(door.parcel))
            attach(door.parcel, line=album.line, pictures=result.pictures)
            if result.refusals:
                refusals[album.name] = result.refusals
    return refusals


def _of_lines(contents: Sequence[Content]) -> Iterator[Album]:
    for content in contents:
        yield Album(f"line{content.line.position}", content.line)


def _waiting(parcel: Parcel) -> int:
    return SignOffPhoto.objects.waiting(parcel).count()
