"""Decode an untrusted file under hard limits. No Django here.

``python -m signoff.pictures.sandbox.worker FOLDER`` reads FOLDER/original, writes picture.jpg and thumbnail.jpg
beside it and prints one JSON object: the facts of the new picture, or {"refused": reason}. No answer at all (killed
by a limit, crashed) means refused too. The product asks through ``client`` and ``forkserver``, which is faster.
"""

import json
import os
import resource
import signal
import sys
import warnings
from pathlib import Path

from PIL import AvifImagePlugin, Image, WebPImagePlugin  # noqa: F401  (loaded before the fork)

from signoff.pictures.sandbox import documents, metadata
from signoff.pictures.sandbox import redraw as drawing
from signoff.pictures.sandbox.dhash import dhash
from signoff.pictures.sandbox.limits import (
    BROKEN,
    CPU_SECONDS,
    DISK_FULL,
    DOCUMENT,
    DOCUMENT_WANTED,
    HEAD,
    LOGO,
    LOGO_WANTED,
    MAX_BYTES,
    MAX_FRAMES,
    MAX_PIXELS,
    MAX_SCANS,
    MEMORY,
    NICENESS,
    WALL_SECONDS,
    is_document,
    kind_of,
)
from signoff.pictures.sandbox.scans import count_scans

try:
    import pillow_heif
except ImportError:  # its wheel is GPL, so a shop may leave it out: docs/decisions/0010-heic-by-pillow-heif.md
    pillow_heif = None  # type: ignore[assignment]  # None says that it is missing


class Refused(Exception):
    """A reason, one word; ``clean`` has the sentence for it."""


def prepare() -> None:
    """Settings shared by all pictures: one thread per decoder, all formats registered, warnings raised."""
    if pillow_heif:
        pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error")


def confine() -> None:
    """Limit memory, CPU time, wall time, file size and core dumps to what one picture needs; let pages go first."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, MAX_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    signal.alarm(WALL_SECONDS)
    os.nice(NICENESS)


def answer(folder: Path) -> str:
    """Clean FOLDER/original; returns facts or refusal as JSON, with the peak memory."""
    try:
        facts = clean_document(folder) if (folder / DOCUMENT_WANTED).exists() else clean(folder)
    except (Refused, documents.Unsafe) as refusal:
        facts = {"refused": str(refusal)}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        facts = {"refused": "pixels"}
    except MemoryError:
        facts = {"refused": "memory"}
    except (*BROKEN, *documents.BROKEN, Warning) as error:
        reason = "disk" if getattr(error, "errno", None) in DISK_FULL else "damaged"
        facts = {"refused": reason, "why": f"{type(error).__name__}: {error}"[:200]}
    return json.dumps(facts | {"peak_kilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss})


def clean(folder: Path) -> dict[str, object]:
    """Re-encode FOLDER/original; raises ``Refused``, Pillow's bomb errors, ``MemoryError`` or one of ``BROKEN``."""
    original = folder / "original"
    with original.open("rb") as file:
        kind = kind_of(file.read(HEAD))
        if kind in ("", "video"):
            raise Refused(kind or "unknown")
        if kind == "HEIF" and not pillow_heif:
            raise Refused("heic")
        file.seek(0)
        if kind == "JPEG" and count_scans(file.read(), most=MAX_SCANS) > MAX_SCANS:
            raise Refused("scans")
        file.seek(0)
        with Image.open(file, formats=[kind]) as picture:
            return redraw(picture, folder) | {"format": kind}


def clean_document(folder: Path) -> dict[str, object]:
    """Write FOLDER/original anew as a PDF; raises ``Refused``, or as ``documents.rewrite``."""
    content = (folder / "original").read_bytes()
    if not is_document(content[:HEAD]):
        raise Refused("unknown")
    written, pages = documents.rewrite(content)
    (folder / DOCUMENT).write_bytes(written)
    return {"pages": pages, "format": "PDF"}


def redraw(picture: Image.Image, folder: Path) -> dict[str, object]:
    """Write the new picture and thumbnail; returns their facts and the claims of the original."""
    if picture.width * picture.height > MAX_PIXELS:
        raise Refused("pixels")
    if getattr(picture, "n_frames", 1) > MAX_FRAMES:
        raise Refused("frames")
    drawing.request_smaller_draft(picture)
    picture.load()
    claimed = metadata.read(picture)
    fresh = drawing.draw_anew(picture, orientation=claimed.orientation)
    if (folder / LOGO_WANTED).exists():
        if _is_blank(fresh):
            raise Refused("blank")
        (folder / LOGO).write_bytes(drawing.as_png(drawing.square(fresh)))
    thumbnail = drawing.small_copy(fresh)
    (folder / "picture.jpg").write_bytes(drawing.as_jpeg(fresh))
    (folder / "thumbnail.jpg").write_bytes(drawing.as_jpeg(thumbnail))
    return {
        "width": fresh.width,
        "height": fresh.height,
        "dhash": dhash(thumbnail),
        "camera": claimed.camera,
        "taken_at": claimed.taken_at,
    }


def _is_blank(picture: Image.Image) -> bool:
    """Whether nothing can be seen on the white ground, as with a white drawing without a ground of its own."""
    return not any(picture.convert("L").histogram()[:250])


if __name__ == "__main__":
    prepare()
    confine()
    sys.stdout.write(answer(Path(sys.argv[1])))
