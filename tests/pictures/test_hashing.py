"""The same picture saved again is recognised, another is not."""

from io import BytesIO

import pytest
from PIL import Image, ImageFilter

from signoff.pictures.sandbox.dhash import ALIKE, dhash, distance
from tests.datafiles import needed


def opened(name: str) -> Image.Image:
    with Image.open(needed(f"photos/{name}")) as picture:
        return picture.convert("RGB")


def saved_again(picture: Image.Image, *, quality: int) -> Image.Image:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(out)


LANDSCAPE = opened("orient_landscape_1.jpg")


@pytest.mark.parametrize(
    "copy",
    [
        saved_again(LANDSCAPE, quality=20),
        LANDSCAPE.resize((320, 213)),
        LANDSCAPE.resize((900, 900)),
        LANDSCAPE.convert("L"),
        LANDSCAPE.filter(ImageFilter.GaussianBlur(3)),
        saved_again(LANDSCAPE.resize((640, 427)), quality=40),
    ],
    ids=["quality 20", "small", "squeezed", "grey", "blurred", "small and quality 40"],
)
def test_a_copy_is_alike(copy: Image.Image) -> None:
    assert distance(dhash(LANDSCAPE), dhash(copy)) <= ALIKE


@pytest.mark.parametrize("name", ["jpeg_named.png", "php_in_metadata.jpg"])
def test_another_picture_is_far_off(name: str) -> None:
    assert distance(dhash(LANDSCAPE), dhash(opened(name))) > 2 * ALIKE


def test_a_hash_is_sixteen_hex_digits_and_distances_count_bits() -> None:
    assert dhash(Image.new("RGB", (5, 5))) == "0" * 16
    assert dhash(Image.linear_gradient("L").rotate(90)) == "f" * 16
    assert (distance("0" * 16, "f" * 16), distance("00000000000000ff", "000000000000000f")) == (64, 4)
