"""Every file of the collection is treated as its manifest says, and nothing of it survives but the pixels."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from signoff.pictures.clean import CleanPicture, PictureRefused, clean
from signoff.pictures.sandbox.dhash import ALIKE, distance
from tests.datafiles import needed
from tests.pictures.corpus import Specimen, specimens, upload
from tests.pictures.jpeg_metadata import traces

MEGABYTES_512 = 512 * 1024


def verdict(specimen: Specimen) -> CleanPicture | str:
    """The clean picture, or the sentence of the refusal."""
    try:
        return clean(SimpleUploadedFile(specimen.name, specimen.content))
    except PictureRefused as refusal:
        return str(refusal)


@pytest.mark.parametrize("specimen", specimens(), ids=lambda specimen: specimen.name)
def test_every_file_is_treated_as_the_manifest_says(specimen: Specimen) -> None:
    outcome = verdict(specimen)
    if isinstance(outcome, str):
        assert specimen.expected in ("reject", "either")
        assert outcome.startswith(f"{specimen.name}: this ")
        assert outcome.endswith(".")
        return
    assert specimen.expected != "reject"
    assert (traces(outcome.picture), traces(outcome.thumbnail)) == ([], [])
    assert outcome.peak_kilobytes < MEGABYTES_512
    with Image.open(BytesIO(outcome.picture)) as picture, Image.open(BytesIO(outcome.thumbnail)) as thumbnail:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (outcome.width, outcome.height))
        assert max(picture.size) <= 2560
        assert max(thumbnail.size) <= 480
        assert not picture.getexif()


@pytest.mark.parametrize(
    "name", ["xss_in_jpeg_comment.jpg", "orient_landscape_6.jpg", "php_in_metadata.jpg", "polyglot_jpeg_zip.jpg"]
)
def test_the_checker_goes_red_on_the_original(name: str) -> None:
    assert traces(needed(f"photos/{name}").read_bytes())


@pytest.mark.parametrize(
    ("name", "left"),
    [("xss_in_jpeg_comment.jpg", "FE"), ("php_in_metadata.jpg", "E1"), ("orient_landscape_6.jpg", "E1")],
)
def test_the_checker_goes_red_on_a_naive_open_and_save(name: str, left: str) -> None:
    out = BytesIO()
    with Image.open(needed(f"photos/{name}")) as picture:
        picture.save(out, "JPEG", exif=picture.info.get("exif", b""))
    assert [trace[:2] for trace in traces(out.getvalue())] == [left]


@pytest.mark.parametrize(
    "specimen",
    [specimen for specimen in specimens() if specimen.name.startswith("orient_landscape")],
    ids=lambda specimen: specimen.name,
)
def test_every_orientation_ends_upright(specimen: Specimen) -> None:
    upright = clean(upload("orient_landscape_1.jpg"))
    turned = verdict(specimen)
    assert (turned.width, turned.height) == (1800, 1200)
    assert distance(upright.dhash, turned.dhash) <= ALIKE


def test_what_the_camera_said_is_kept_as_a_claim() -> None:
    photo = clean(upload("heic_exif_xmp_iptc.heic"))
    assert photo.camera_claim == "SONY ILCE-7SM3"
    assert photo.taken_at_claim.isoformat() == "2020-09-14T11:09:34-05:00"
    assert photo.original_format == "HEIF"


def test_the_hash_is_that_of_the_original() -> None:
    assert clean(upload("png_named.jpg")).sha256 == "dbdcb9a9f8ec2c54ff99e99636059bbd57194ed84e2cca5e53853aef293faf42"
