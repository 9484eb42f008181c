"""Re-encode a picture from its pixels, so that nothing else of the file survives. No Django here.

Memory is the limit: at 40 megapixels Pillow needs 160 MB per copy, so a large picture is scaled down
before its colours are converted.
"""

from io import BytesIO

from PIL import Image, ImageCms

LONG_SIDE = 2560
DRAFT_SIDE = 1600
THUMBNAIL_SIDE = 480
LOGO_SIDE = 256
SRGB = ImageCms.createProfile("sRGB")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def request_smaller_draft(picture: Image.Image) -> None:
    """Let the JPEG decoder scale a large picture down, never below ``DRAFT_SIDE``.

    Decoding half the size takes a third of the time; other formats ignore it.
    """
    width, height = picture.size
    for divisor in (8, 4, 2):
        if picture.format in ("JPEG", "MPO") and max(width, height) // divisor >= DRAFT_SIDE:
            picture.draft(None, (max(1, width // divisor), max(1, height // divisor)))
            return


def draw_anew(picture: Image.Image, *, orientation: int) -> Image.Image:
    """An upright picture in sRGB on white, its long side at most ``LONG_SIDE``, that carries no metadata."""
    profile = picture.info.get("icc_profile", b"")
    pixels = _shrink_to(LONG_SIDE, _in_known_mode(picture))
    if orientation in TURNS:
        pixels = pixels.transpose(TURNS[orientation])
    fresh = Image.new("RGB", pixels.size, "white")
    fresh.paste(_in_srgb(pixels, profile), mask=pixels.getchannel("A") if pixels.mode == "RGBA" else None)
    return fresh


def small_copy(picture: Image.Image) -> Image.Image:
    """A copy with a long side of at most ``THUMBNAIL_SIDE``."""
    return _shrink_to(THUMBNAIL_SIDE, picture)


def square(picture: Image.Image) -> Image.Image:
    """``picture`` whole in a square of at most ``LOGO_SIDE``, on the colour of its corners or on white."""
    small = _shrink_to(LOGO_SIDE, picture)
    right, bottom = small.width - 1, small.height - 1
    corners = {small.getpixel(corner) for corner in ((0, 0), (right, 0), (0, bottom), (right, bottom))}
    side = max(small.size)
    ground = Image.new("RGB", (side, side), corners.pop() if len(corners) == 1 else "white")
    ground.paste(small, ((side - small.width) // 2, (side - small.height) // 2))
    return ground


def as_png(picture: Image.Image) -> bytes:
    """The bytes of ``picture`` without loss, for flat drawings whose edges JPEG would blur."""
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def as_jpeg(picture: Image.Image) -> bytes:
    """The bytes of ``picture``. Baseline with the usual code tables: its own would be 3 % smaller in twice the time."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def _in_known_mode(picture: Image.Image) -> Image.Image:
    """L, RGB, RGBA or CMYK; 16-bit grey is scaled, since ``convert`` would clip it to white."""
    if picture.mode in ("L", "RGB", "RGBA", "CMYK"):
        return picture
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value * (1 / 257)).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _shrink_to(side: int, picture: Image.Image) -> Image.Image:
    """``picture`` with a long side of at most ``side``, itself if it is; Hamming costs half of bicubic."""
    scale = side / max(picture.size)
    if scale >= 1:
        return picture
    width, height = (max(1, round(length * scale)) for length in picture.size)
    return picture.resize((width, height), Image.Resampling.HAMMING, reducing_gap=1.5)


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """RGB by the embedded colour profile if that is sound and fits, else by Pillow's plain rule."""
    opaque = _as_rgb(picture) if picture.mode == "RGBA" else picture
    if not profile:
        return _as_rgb(opaque)
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" not in ImageCms.getProfileDescription(source):
            return ImageCms.profileToProfile(opaque, source, SRGB, outputMode="RGB") or opaque
    except (OSError, ValueError, ImageCms.PyCMSError):
        pass
    return _as_rgb(opaque)


def _as_rgb(picture: Image.Image) -> Image.Image:
    """``convert`` would copy even what is RGB already."""
    return picture if picture.mode == "RGB" else picture.convert("RGB")
