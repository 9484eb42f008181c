"""Files with wrong or dangerous content, made here byte by byte, and the expected outcome of each."""

import functools
import io
import zipfile
from dataclasses import dataclass
from zlib import crc32

from PIL import Image

from signoff.pictures.sandbox.limits import MAX_BYTES, MAX_PIXELS

HTML = b"<html><script>alert(document.domain)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
NOT_READ = "picture can't be read."
BROKEN = "picture is damaged or incomplete."
TOO_MANY = "picture has more than 40 megapixels."


@dataclass(frozen=True)
class Sample:
    """``refusal`` is how its sentence goes on after "this "; "" where the picture is kept."""

    what: str
    name: str
    content: bytes
    refusal: str = ""


@functools.cache
def hostile() -> tuple[Sample, ...]:
    jpeg, png = encoded("JPEG"), encoded("PNG")
    return (
        Sample("nothing", "nothing.jpg", b"", "file is empty."),
        Sample("a JPEG cut in half", "half.jpg", jpeg[: len(jpeg) // 2], BROKEN),
        Sample("a PNG cut in half", "half.png", png[: len(png) // 2], BROKEN),
        Sample("only the first bytes", "head.png", png[:8], BROKEN),
        Sample("a page before a picture", "page.jpg", HTML + jpeg, NOT_READ),
        Sample("a picture before a page", "page2.jpg", jpeg + HTML),
        Sample("a page in a comment", "page3.jpg", encoded("JPEG", comment=HTML)),
        Sample("a picture before an archive", "archive.png", png + archive()),
        Sample("an archive", "archive.jpg", archive(), NOT_READ),
        Sample("a drawing with a script", "drawing.svg", SVG, NOT_READ),
        Sample("a drawing under another name", "drawing.png", SVG, NOT_READ),
        Sample("a PNG called JPEG", "wrong.jpg", png),
        Sample("a JPEG called a program", "setup.exe", jpeg),
        Sample("a program called JPEG", "program.jpg", b"MZ\x90\0" + b"\0" * 400, NOT_READ),
        Sample("a film", "film.jpg", b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + b"\0" * 99, "is a video;"),
        Sample("TIFF", "scan.tif", encoded("TIFF"), NOT_READ),
        Sample("PostScript", "page.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", NOT_READ),
        Sample("15 MB", "large.jpg", jpeg + bytes(MAX_BYTES - len(jpeg))),
        Sample("15 MB and a byte", "larger.jpg", jpeg + bytes(MAX_BYTES - len(jpeg) + 1), "file is larger than 15 MB."),
        Sample("40 MP", "wide.png", black(MAX_PIXELS // 5000, 5000)),
        Sample("40 MP and a pixel", "wider.png", black(MAX_PIXELS + 1, 1), TOO_MANY),
        Sample("a header that says 4 billion pixels", "bomb.png", claiming(png, 65_535, 65_535), TOO_MANY),
        Sample("a header that says more than there is", "lie.png", claiming(png, 5_000, 5_000), BROKEN),
        Sample("a name that is markup", "<img src=x onerror=alert(1)>.jpg", b"", "file is empty."),
        Sample("a name that turns direction", "photo\u202egpj.exe", b"", "file is empty."),
        Sample("a name that climbs", "../../../../etc/cron.d/x.jpg", b"", "file is empty."),
    )


def encoded(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((320, 240), 40).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def black(width: int, height: int) -> bytes:
    """A PNG of that many points, one bit each."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def claiming(png: bytes, width: int, height: int) -> bytes:
    """The same file with another size written in its header; its checksum is right."""
    header = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + png[24:29]
    return png[:12] + header + crc32(header).to_bytes(4) + png[33:]


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("page.html", HTML)
    return out.getvalue()
