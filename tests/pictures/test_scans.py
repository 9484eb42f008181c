"""Scans of a JPEG are counted by its markers, before anything is decoded."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from signoff.pictures.clean import PictureRefused, clean, clean_each
from signoff.pictures.sandbox.limits import MAX_SCANS
from signoff.pictures.sandbox.scans import count_scans
from tests.datafiles import needed
from tests.pictures.corpus import upload
from tests.proof.progressive_bomb import WIDTH, progressive_bomb, scans_of


def jpeg(**options: object) -> bytes:
    out = BytesIO()
    Image.effect_mandelbrot((640, 480), (-2, -1, 1, 1), 50).convert("RGB").save(out, "JPEG", **options)
    return out.getvalue()


def with_scans(count: int) -> bytes:
    """A picture of ``count`` scans."""
    one, two = progressive_bomb(1), progressive_bomb(900)
    head = one.removesuffix(b"\xff\xd9")
    scan = two[len(head) :].removesuffix(b"\xff\xd9")
    scan = scan[: scan.index(b"\xff\xda", 2)]
    return head + scan * count + b"\xff\xd9"


def test_a_plain_picture_has_one_scan_and_a_progressive_one_has_ten() -> None:
    assert count_scans(jpeg(), most=99) == 1
    assert count_scans(jpeg(progressive=True), most=99) == 10
    assert count_scans(needed("photos/jpeg_progressive.jpg").read_bytes(), most=99) == 10


def test_marks_within_a_comment_are_not_counted() -> None:
    assert count_scans(jpeg(comment=b"\xff\xda" * 100), most=99) == 1


def test_a_second_picture_in_the_file_is_not_counted() -> None:
    assert count_scans(jpeg() * 30, most=99) == 1


@pytest.mark.parametrize("filling", [b"\xff", b"\xff" * 50, b"\x00" * 7])
def test_bytes_between_segments_hide_nothing(filling: bytes) -> None:
    content = with_scans(30).replace(b"\xff\xda", filling + b"\xff\xda")
    assert count_scans(content, most=99) == 30


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff\xda", b"\xff\xd8\xff\xe0\xff\xff", bytes(99)]
)
def test_what_is_cut_off_is_counted_as_far_as_it_goes(content: bytes) -> None:
    assert count_scans(content, most=99) == content.count(b"\xff\xda")


def test_counting_stops_when_there_are_too_many() -> None:
    assert count_scans(progressive_bomb(), most=MAX_SCANS) == MAX_SCANS + 1


@pytest.mark.parametrize("count", [1, MAX_SCANS])
def test_twenty_scans_are_decoded(count: int) -> None:
    assert clean(SimpleUploadedFile("a.jpg", with_scans(count))).width * 2 <= WIDTH


def test_one_more_is_refused_with_a_sentence() -> None:
    with pytest.raises(PictureRefused, match=r"a\.jpg: this picture is saved in a way that takes too long to open"):
        clean(SimpleUploadedFile("a.jpg", with_scans(MAX_SCANS + 1)))


def test_a_small_file_of_thousands_of_scans_is_refused_and_the_others_are_kept() -> None:
    bomb = progressive_bomb()
    assert (len(bomb) < 250_000, scans_of(bomb) > 3000) == (True, True)
    pictures, refusals = clean_each([SimpleUploadedFile("a.jpg", bomb), upload("png_named.jpg")])
    assert (len(pictures), len(refusals)) == (1, 1)
