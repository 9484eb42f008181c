"""The process that touches what strangers send: decodes one quarantined file under hard limits. No Django here.

``python -m signoff.pictures.sandbox.worker FOLDER`` reads FOLDER/original, writes picture.jpg and thumbnail.jpg
beside it and prints one JSON object: the facts of the new picture, or {"refused": reason}. No answer at all (killed
by a limit, crashed) means refused too. The product asks through ``client`` and ``forkserver``, which is faster.
"""

import json
import resource
import signal
import sys
import warnings
from pathlib import Path

from PIL import AvifImagePlugin, Image, WebPImagePlugin  # noqa: F401  (loaded before the fork)

from signoff.pictures import metadata
from signoff.pictures.dhash import dhash
from signoff.pictures.sandbox import redraw as drawing
from signoff.pictures.sandbox.limits import (
    BROKEN,
    CPU_SECONDS,
    HEAD,
    MAX_BYTES,
    MAX_FRAMES,
    MAX_PIXELS,
    MEMORY,
    WALL_SECONDS,
    kind_of,
)

try:
    import pillow_heif
except ImportError:  # its wheel is GPL, so a shop may leave it out: docs/decisions/0010-heic-by-pillow-heif.md
    pillow_heif = None  # type: ignore[assignment]  # None says that it is missing


class Refused(Exception):
    """The reason, one word, that ``cleaning`` turns into a sentence."""


def prepare() -> None:
    """Everything that is the same for all pictures: one thread per decoder, all formats known, warnings raised."""
    if pillow_heif:
        pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error")


def confine() -> None:
    """Give up memory, processor time, wall time, files and core dumps beyond what one picture needs."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, MAX_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    signal.alarm(WALL_SECONDS)


def answer(folder: Path) -> str:
    """Clean FOLDER/original and tell the facts, or the refusal, as JSON with the memory used at most."""
    try:
        told = clean(folder)
    except Refused as refusal:
        told = {"refused": str(refusal)}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        told = {"refused": "pixels"}
    except MemoryError:
        told = {"refused": "memory"}
    except (*BROKEN, Warning) as trouble:
        told = {"refused": "damaged", "why": f"{type(trouble).__name__}: {trouble}"[:200]}
    return json.dumps(told | {"peak_kilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss})


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
        with Image.open(file, formats=[kind]) as picture:
            return redraw(picture, folder) | {"format": kind}


def redraw(picture: Image.Image, folder: Path) -> dict[str, object]:
    """Write the two new files and tell what they are and what the old one claimed."""
    if picture.width * picture.height > MAX_PIXELS:
        raise Refused("pixels")
    if getattr(picture, "n_frames", 1) > MAX_FRAMES:
        raise Refused("frames")
    drawing.ask_for_less(picture)
    picture.load()
    claimed = metadata.read(picture)
    fresh = drawing.draw_anew(picture, orientation=claimed.orientation)
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


if __name__ == "__main__":
    prepare()
    confine()
    sys.stdout.write(answer(Path(sys.argv[1])))
