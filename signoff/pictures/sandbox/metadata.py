"""Claims of a picture's metadata about itself, read before it is removed. No Django here."""

import warnings
from dataclasses import dataclass
from datetime import datetime

from PIL import ExifTags, Image

from signoff.pictures.sandbox.limits import BROKEN

LONGEST = 120
FIRST_YEAR = 1990


@dataclass(frozen=True)
class Claims:
    """``orientation`` is 1–8; ``taken_at`` is ISO 8601, with an offset only if the camera gave one, or ""."""

    orientation: int
    camera: str
    taken_at: str


def read(picture: Image.Image) -> Claims:
    """The plausible claims; a good picture may carry broken or hostile metadata."""
    main = _tags(picture, None)
    return Claims(
        orientation=_orientation(main.get(ExifTags.Base.Orientation)),
        camera=_camera(_text(main.get(ExifTags.Base.Make)), _text(main.get(ExifTags.Base.Model))),
        taken_at=_taken_at(_tags(picture, ExifTags.IFD.Exif)),
    )


def _tags(picture: Image.Image, directory: int | None) -> dict[int, object]:
    """One EXIF directory (the main one for None); empty when it cannot be read."""
    with warnings.catch_warnings(action="ignore"):
        try:
            exif = picture.getexif()
            return dict(exif if directory is None else exif.get_ifd(directory))
        except BROKEN:
            return {}


def _orientation(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _camera(make: str, model: str) -> str:
    return (model if model.startswith(make) else f"{make} {model}")[:LONGEST]


def _taken_at(details: dict[int, object]) -> str:
    moment = _text(details.get(ExifTags.Base.DateTimeOriginal))
    offset = _text(details.get(ExifTags.Base.OffsetTimeOriginal))
    for text, pattern in ((moment + offset, "%Y:%m:%d %H:%M:%S%z"), (moment, "%Y:%m:%d %H:%M:%S")):
        try:
            claim = datetime.strptime(text, pattern)
        except ValueError:
            continue
        return claim.isoformat() if claim.year >= FIRST_YEAR else ""
    return ""


def _text(value: object) -> str:
    """``value`` as one printable line, or "" if it is not text."""
    printable = "".join(mark if mark.isprintable() else " " for mark in value) if isinstance(value, str) else ""
    return " ".join(printable.split())
