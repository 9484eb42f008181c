"""(d) Photos: the whole upload beside the bare work on its pixels, in one run, photo by photo.

The bare work is what cannot be left out: decode (halved by the decoder where the product halves), encode, make a
thumbnail and encode that, with Pillow's defaults, in one process, without looking at what the file is. The product
adds the quarantine, a confined process per picture, orientation, colours, hashes, claims, two stored files and a row.
"""

import statistics
import time
from collections.abc import Callable
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from returns.models import Draft, Evidence
from signoff.pictures.clean import clean
from signoff.pictures.sandbox import redraw
from signoff.pictures.store import publish
from tests.datafiles import data_file
from tests.factories import OrderFactory
from tests.figures import Figure, record

LARGE = ("phone_jolla.jpg", "jpeg_ultrahdr.jpg", "jpeg_exif_zero_length.jpg")
SMALLER = ("phone_samsung.jpg", "orient_landscape_1.jpg", "orient_landscape_6.jpg", "phone_iphone4.jpg")
ROUNDS = 15


def measure() -> None:
    """Write the ratio and pictures per second, for photos that are halved and for those that are not."""
    draft = Draft.objects.create(order=OrderFactory())
    missing = [name for name in (*LARGE, *SMALLER) if not data_file(f"photos/{name}").exists()]
    if missing:
        raise SystemExit(f"The photos to measure with are not here: {', '.join(missing)}.")
    for names, what in ((LARGE, "photos of 8 MP, halved"), (SMALLER, "photos of 1–5 MP, kept or fitted")):
        photos = {name: data_file(f"photos/{name}").read_bytes() for name in names}
        bare_seconds, whole_seconds = _both(photos, draft)
        tell(what, bare_seconds, whole_seconds, bound="≥ 0.6" if names == LARGE else "")


def tell(what: str, bare_seconds: float, whole_seconds: float, *, bound: str) -> None:
    """``…_seconds`` are of one picture on average."""
    ratio = bare_seconds / whole_seconds
    record(Figure("pictures", f"{what}: whole way against bare work", ratio, "", bound, WHY))
    record(Figure("pictures", f"{what}: kept per second, one after the other", 1 / whole_seconds, "/s"))
    record(Figure("pictures", f"{what}: bare work per second", 1 / bare_seconds, "/s"))


WHY = "what is more: a fork, the quarantine's files, turning, claims, two stored files, one row"


def _both(photos: dict[str, bytes], draft: Draft) -> tuple[float, float]:
    """Seconds per picture, bare and whole: per photo the median of rounds that alternate, then the mean of photos."""
    taken: dict[tuple[str, str], list[float]] = {}
    for _round in range(ROUNDS + 1):  # the first warms up and is not counted
        for name, content in photos.items():
            taken.setdefault(("bare", name), []).append(_seconds(bare, content))
            taken.setdefault(("whole", name), []).append(_seconds(keep, name, content, draft))
    bare_seconds, whole_seconds = (
        statistics.fmean(statistics.median(taken[way, name][1:]) for name in photos) for way in ("bare", "whole")
    )
    return bare_seconds, whole_seconds


def _seconds(work: Callable[..., object], *subject: object) -> float:
    before = time.perf_counter()
    work(*subject)
    return time.perf_counter() - before


def bare(content: bytes) -> tuple[bytes, bytes]:
    """Decode, encode, small copy, encode."""
    with Image.open(BytesIO(content)) as picture:
        redraw.request_smaller_draft(picture)
        picture.load()
        if max(picture.size) > redraw.LONG_SIDE:
            picture.thumbnail((redraw.LONG_SIDE, redraw.LONG_SIDE))
        small = picture.copy()
        small.thumbnail((redraw.THUMBNAIL_SIDE, redraw.THUMBNAIL_SIDE))
        return _jpeg(picture), _jpeg(small)


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def keep(name: str, content: bytes, draft: Draft) -> Evidence:
    """The way of an upload, from the bytes that came to the row and its two files."""
    return publish(Evidence(draft=draft), clean(SimpleUploadedFile(name, content)))
