"""A clean picture becomes a row and two private files, and can be erased again."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from returns.models import Draft, Evidence
from signoff.pictures.clean import clean, clean_each
from signoff.pictures.store import publish
from tests.factories import OrderFactory
from tests.pictures.corpus import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def evidence() -> Evidence:
    draft = Draft.objects.create(order=OrderFactory())
    return publish(Evidence(draft=draft), clean(upload("heic_exif_xmp_iptc.heic")))


def test_the_row_holds_the_facts_and_the_claims(evidence: Evidence) -> None:
    stored = Evidence.objects.get(token=evidence.token)
    assert (stored.width, stored.height, stored.original_format) == (64, 64, "HEIF")
    assert (stored.bytes, len(stored.sha256), len(stored.dhash)) == (stored.file.size, 64, 16)
    assert stored.camera_claim == "SONY ILCE-7SM3"
    assert stored.taken_at_claim.isoformat() == "2020-09-14T16:09:34+00:00"


def test_the_files_lie_under_random_names(evidence: Evidence) -> None:
    assert re.fullmatch(r"pictures/([0-9a-f]{2})/\1[0-9a-f]{30}\.jpg", evidence.file.name)
    assert re.fullmatch(r"thumbnails/([0-9a-f]{2})/\1[0-9a-f]{30}\.jpg", evidence.thumbnail.name)
    assert evidence.token.hex not in evidence.file.name + evidence.thumbnail.name


def test_an_erased_picture_leaves_its_row_and_nothing_else(
    evidence: Evidence, django_capture_on_commit_callbacks: object
) -> None:
    files = [Path(evidence.file.path), Path(evidence.thumbnail.path)]
    with django_capture_on_commit_callbacks(execute=True):
        evidence.erase()
        assert all(file.exists() for file in files), "not before the transaction commits"
    assert not any(file.exists() for file in files)
    stored = Evidence.objects.get(pk=evidence.pk)
    assert stored.is_erased
    assert (stored.sha256, stored.dhash, stored.camera_claim, stored.taken_at_claim) == ("", "", "", None)


def test_the_good_ones_of_several_can_be_kept() -> None:
    pictures, refusals = clean_each([upload("png_named.jpg"), SimpleUploadedFile("notes.txt", b"hello")])
    assert [picture.original_format for picture in pictures] == ["PNG"]
    assert [refusal.split(":")[0] for refusal in refusals] == ["notes.txt"]
