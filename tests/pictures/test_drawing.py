"""Right colours, right size, within the memory that a picture may cost."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pillow_heif
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from signoff.pictures.clean import CleanPicture, PictureRefused, clean

pillow_heif.register_heif_opener()


def sent(picture: Image.Image, kind: str, **options: object) -> SimpleUploadedFile:
    out = BytesIO()
    picture.save(out, kind, **options)
    return SimpleUploadedFile("photo", out.getvalue())


def point(cleaned: CleanPicture, at: tuple[int, int] = (16, 16)) -> tuple[int, int, int]:
    """One pixel, rounded to tens: JPEG is allowed to be a little off."""
    with Image.open(BytesIO(cleaned.picture)) as picture:
        red, green, blue = (round(value, -1) for value in picture.getpixel(at))
        return red, green, blue


def grey16() -> Image.Image:
    return Image.new("I;16", (32, 32), 0x8080)


@pytest.mark.parametrize(
    ("picture", "kind", "seen"),
    [
        (Image.new("RGB", (32, 32), (200, 100, 50)), "PNG", (200, 100, 50)),
        (Image.new("L", (32, 32), 130), "JPEG", (130, 130, 130)),
        (Image.new("1", (32, 32), 1), "PNG", (260, 260, 260)),
        (grey16(), "PNG", (130, 130, 130)),
        (Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG", (250, 0, 0)),
        (Image.new("RGBA", (32, 32), (200, 0, 0, 0)), "PNG", (260, 260, 260)),
        (Image.new("RGBA", (32, 32), (0, 0, 0, 127)), "WEBP", (130, 130, 130)),
        (Image.new("LA", (32, 32), (0, 0)), "PNG", (260, 260, 260)),
        (Image.new("P", (32, 32), 0), "GIF", (0, 0, 0)),
        (Image.new("RGB", (32, 32), (200, 100, 50)), "HEIF", (200, 100, 50)),
        (Image.new("RGB", (32, 32), (200, 100, 50)), "AVIF", (200, 100, 50)),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else None,
)
def test_every_kind_of_colour_is_shown_as_it_was(picture: Image.Image, kind: str, seen: tuple[int, int, int]) -> None:
    assert point(clean(sent(picture, kind))) == seen


def test_a_transparent_palette_lies_on_white() -> None:
    picture = Image.new("P", (32, 32), 0)
    assert point(clean(sent(picture, "PNG", transparency=0))) == (260, 260, 260)


def with_red_and_blue_exchanged() -> bytes:
    """A sound colour profile in which the red and the blue colourant have changed places."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for old, new in ((b"rXYZ", b"----"), (b"bXYZ", b"rXYZ"), (b"----", b"bXYZ"), (b"s\0R\0G\0B", b"t\0R\0G\0B")):
        profile = profile.replace(old, new)
    return profile


@pytest.mark.parametrize(
    ("profile", "seen"),
    [
        (with_red_and_blue_exchanged(), (50, 100, 200)),
        (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), (200, 100, 50)),
        (ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(), (200, 100, 50)),
        (b"nonsense", (200, 100, 50)),
    ],
    ids=["another", "sRGB", "does not fit", "broken"],
)
def test_a_colour_profile_is_applied_before_it_is_thrown_away(profile: bytes, seen: tuple[int, int, int]) -> None:
    plain = Image.new("RGB", (32, 32), (200, 100, 50))
    assert point(clean(sent(plain, "JPEG", icc_profile=profile, quality=95))) == seen


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((2560, 10), (2560, 10)),
        ((10, 3000), (9, 2560)),
        ((3264, 2448), (1632, 1224)),
        ((8000, 4), (2000, 1)),
        ((30000, 1), (2560, 1)),
    ],
)
def test_a_long_side_is_limited(size: tuple[int, int], kept: tuple[int, int]) -> None:
    cleaned = clean(sent(Image.new("RGB", size), "JPEG"))
    assert (cleaned.width, cleaned.height) == kept
    assert cleaned.width <= 2560


FORTY: list[tuple[str, str, dict[str, object]]] = [
    ("RGB", "JPEG", {"progressive": True}),
    ("CMYK", "JPEG", {}),
    ("RGBA", "PNG", {"compress_level": 1}),
    ("P", "PNG", {"compress_level": 1, "transparency": 0}),
    ("I;16", "PNG", {"compress_level": 1}),
    ("P", "GIF", {}),
    ("RGB", "AVIF", {"speed": 10}),
]


@pytest.mark.parametrize(("mode", "kind", "options"), FORTY, ids=lambda value: value if isinstance(value, str) else "")
def test_forty_megapixels_of_any_kind_fit_into_the_memory(mode: str, kind: str, options: dict[str, object]) -> None:
    cleaned = clean(sent(Image.new(mode, (8000, 5000)), kind, **options))
    assert max(cleaned.width, cleaned.height) in (2000, 2560)
    assert cleaned.peak_kilobytes < 512 * 1024


def test_what_would_take_more_memory_is_refused_with_a_sentence() -> None:
    """Pillow's WebP decoder keeps two canvases and two copies, so transparent ones end at some 28 megapixels."""
    with pytest.raises(PictureRefused, match="too large to check"):
        clean(sent(Image.new("RGBA", (8000, 5000)), "WEBP", method=0))


def test_one_more_column_is_refused_with_the_limit() -> None:
    with pytest.raises(PictureRefused, match="more than 40 megapixels"):
        clean(sent(Image.new("1", (8001, 5000)), "PNG"))


@pytest.mark.parametrize("greedy", ["bytearray(600 * 1024 * 1024)", "[b'x' * 2**20 for _ in iter(int, 1)]"])
def test_the_worker_cannot_have_more_memory(greedy: str) -> None:
    """The negative control of the figures above: without ``confine`` this allocation succeeds or never ends."""
    code = f"from signoff.pictures.sandbox import worker; worker.confine(); {greedy}"
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, check=False)
    assert done.returncode != 0
    assert b"MemoryError" in done.stderr


def test_the_worker_can_be_asked_by_hand(tmp_path: Path) -> None:
    Image.new("RGB", (3, 2)).save(tmp_path / "original", "PNG")
    command = [sys.executable, "-m", "signoff.pictures.sandbox.worker", str(tmp_path)]
    told = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=True).stdout
    assert told.startswith(b'{"width": 3, "height": 2,')
    assert sorted(file.name for file in tmp_path.iterdir()) == ["original", "picture.jpg", "thumbnail.jpg"]
