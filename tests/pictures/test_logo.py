"""A shop's logo is drawn anew as a square PNG; what cannot be read or seen is refused with a sentence."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from signoff.pictures.clean import PictureRefused, clean, clean_logo

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def drawn(size: tuple[int, int], colour: object, *, mode: str = "RGB", kind: str = "PNG") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new(mode, size, colour).save(content, kind)
    return SimpleUploadedFile(f"logo.{kind.lower()}", content.getvalue())


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("size", "side"), [((1200, 300), 256), ((300, 1200), 256), ((2000, 2000), 256), ((40, 20), 40), ((1, 1), 1)]
)
def test_a_logo_of_any_shape_becomes_a_square_of_its_own_ground(size: tuple[int, int], side: int) -> None:
    logo = opened(clean_logo(drawn(size, "#0b5563")))
    assert (logo.format, logo.mode, logo.size) == ("PNG", "RGB", (side, side))
    assert logo.getcolors() == [(side * side, (11, 85, 99))]


def test_a_logo_without_a_ground_gets_a_white_one() -> None:
    content = BytesIO()
    picture = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    picture.paste((200, 30, 30, 255), (25, 25, 75, 75))
    picture.save(content, "PNG")
    logo = opened(clean_logo(SimpleUploadedFile("logo.png", content.getvalue())))
    assert (logo.getpixel((0, 0)), logo.getpixel((50, 50))) == ((255, 255, 255), (200, 30, 30))


def test_nothing_but_pixels_is_left() -> None:
    content = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "made by Anna Schmidt"
    Image.new("RGB", (64, 64), "peru").save(content, "JPEG", exif=exif)
    uploaded = SimpleUploadedFile("logo.jpg", content.getvalue() + b"PK<script>alert(1)</script>")
    logo = clean_logo(uploaded)
    assert (b"Anna" in logo, b"script" in logo, opened(logo).info) == (False, False, {})


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("logo.svg", SVG), "logo.svg: this picture can't be read. Upload JPEG, PNG, WebP"),
        (SimpleUploadedFile("logo.png", SVG), "logo.png: this picture can't be read."),
        (SimpleUploadedFile("logo.png", b""), "logo.png: this file is empty."),
        (SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 99), "logo.png: this picture is damaged"),
        (drawn((9, 9), (255, 255, 255, 0), mode="RGBA"), "logo.png: nothing of this logo can be seen on white."),
    ],
    ids=["svg", "svg named png", "empty", "damaged", "white on nothing"],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(upload: SimpleUploadedFile, words: str) -> None:
    with pytest.raises(PictureRefused) as refusal:
        clean_logo(upload)
    assert str(refusal.value).startswith(words)


def test_a_white_photo_is_still_evidence() -> None:
    """Only a logo has to be seen."""
    assert clean(drawn((9, 9), "white")).width == 9
