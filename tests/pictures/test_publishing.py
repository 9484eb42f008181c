"""A clean picture becomes a row and two private files, and can be erased again."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from returns.models import Draft, Evidence
from signoff.pictures.clean import LIMIT, CleanPicture, clean, clean_each
from signoff.pictures.store import publish, store_new
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


def test_more_uploads_than_the_limit_are_refused_unopened() -> None:
    uploads = [upload("png_named.jpg"), *[SimpleUploadedFile("notes.txt", b"hello")] * 3]
    pictures, refusals = clean_each(uploads, existing=LIMIT - 1)
    assert len(pictures) == 1
    assert refusals == ["At most 12 photos can be kept here. Remove one before you add another."]


@pytest.fixture
def originals() -> list[CleanPicture]:
    """More different pictures than may be stored."""
    picture = clean(upload("png_named.jpg"))
    return [replace(picture, sha256=f"{number:064x}") for number in range(LIMIT + 1)]


@pytest.fixture
def draft() -> Draft:
    return Draft.objects.create(order=OrderFactory())


def test_the_same_picture_is_stored_once(draft: Draft, originals: list[CleanPicture]) -> None:
    for pictures in ([originals[0], originals[0]], [originals[1], originals[0]]):
        refusals = store_new(pictures, existing=draft.evidence.all(), make=lambda: Evidence(draft=draft))
        assert refusals == []
    assert [picture.sha256 for picture in draft.evidence.order_by("pk")] == [
        picture.sha256 for picture in originals[:2]
    ]


def test_pictures_beyond_the_limit_are_refused(draft: Draft, originals: list[CleanPicture]) -> None:
    assert store_new(originals[:LIMIT], existing=[], make=lambda: Evidence(draft=draft)) == []
    refusals = store_new(originals, existing=draft.evidence.all(), make=lambda: Evidence(draft=draft))
    assert refusals == ["At most 12 photos can be kept here. Remove one before you add another."]
    assert draft.evidence.count() == LIMIT


def test_pictures_of_other_things_can_share_the_limit(draft: Draft, originals: list[CleanPicture]) -> None:
    refusals = store_new(originals[:3], existing=[], others=LIMIT - 2, make=lambda: Evidence(draft=draft))
    assert len(refusals) == 1
    assert draft.evidence.count() == 2
