"""A PDF is written anew from its pages; what acts, carries a file or points outside is not in the new one."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

from signoff.pictures.clean import CleanDocument, CleanPicture, PictureRefused, clean_file, clean_files
from signoff.pictures.sandbox.documents import rewrite
from signoff.pictures.sandbox.limits import MAX_PAGES
from tests.pictures.pdf_files import ACTS, HOSTILE, first, put, written


def upload(content: bytes, name: str = "slip.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_acts_is_left_and_what_is_drawn_stays(hostile: Callable[[PdfWriter], object]) -> None:
    before = written(hostile)
    after, pages = rewrite(before)
    assert (pages, [mark for mark in ACTS if mark in after]) == (1, [])
    assert PdfReader(BytesIO(after)).pages[0].extract_text() == "Hello"
    assert any(mark in before for mark in ACTS)  # the negative control: it was there


def test_all_of_it_together_is_written_anew_in_the_confined_process() -> None:
    clean = clean_file(upload(written(*HOSTILE.values(), pages=3), "invoice.pdf.exe"))
    assert isinstance(clean, CleanDocument)
    assert (clean.name, clean.pages, [mark for mark in ACTS if mark in clean.content]) == ("invoice.pdf", 3, [])
    assert len(clean.sha256) == 64


def test_what_a_file_is_is_decided_by_its_content() -> None:
    picture = BytesIO()
    Image.new("RGB", (64, 64), "peru").save(picture, "JPEG")
    assert isinstance(clean_file(upload(picture.getvalue(), "slip.pdf")), CleanPicture)
    assert isinstance(clean_file(upload(written(), "photo.jpg")), CleanDocument)


def locked() -> bytes:
    writer = PdfWriter(BytesIO(written()))
    writer.encrypt("secret", algorithm="RC4-128")
    content = BytesIO()
    writer.write(content)
    return content.getvalue()


def circle() -> bytes:
    """Pages that are their own parents."""

    def change(writer: PdfWriter) -> None:
        first(writer)[NameObject("/Resources")] = writer.pages[0].indirect_reference

    return written(change)


def deep() -> bytes:
    inner: ArrayObject = ArrayObject([NumberObject(1)])
    for _level in range(200):
        inner = ArrayObject([inner])
    return written(put(first, "/Group", DictionaryObject({NameObject("/X"): inner})))


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00 This program cannot be run", "invoice.pdf.exe", "invoice.pdf.exe: this file can't be accepted."),
        (b"MZ\x90\x00 %PDF-1.4", "invoice.pdf", "invoice.pdf: this file can't be accepted."),
        (b"<html><script>alert(1)</script>", "invoice.pdf", "invoice.pdf: this file can't be accepted."),
        (b"PK\x03\x04 a zip", "photos.zip", "photos.zip: this file can't be accepted."),
        (b"", "slip.pdf", "slip.pdf: this file is empty."),
        (b"%PDF-1.7 nothing follows", "slip.pdf", "slip.pdf: this file is damaged"),
        (written()[:200], "slip.pdf", "slip.pdf: this file is damaged"),
        (locked(), "slip.pdf", "slip.pdf: this PDF is protected by a password."),
        (written(pages=MAX_PAGES + 1), "slip.pdf", "slip.pdf: this PDF has no pages or more than 60."),
        (deep(), "slip.pdf", "slip.pdf: this PDF is built in a way that can't be checked."),
    ],
)
def test_what_cannot_be_written_anew_is_refused_with_a_sentence(content: bytes, name: str, words: str) -> None:
    with pytest.raises(PictureRefused) as refusal:
        clean_file(upload(content, name))
    assert str(refusal.value).startswith(words)


def test_a_page_that_is_its_own_resource_ends_the_copy() -> None:
    assert rewrite(circle())[1] == 1


def test_one_bad_file_loses_none_of_the_others() -> None:
    files, refusals = clean_files([upload(b"MZ", "a.exe"), upload(written()), upload(b"%PDF-", "b.pdf")])
    assert ([type(file) for file in files], len(refusals)) == ([CleanDocument], 2)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("invoice.pdf.exe", "invoice.pdf"), ("a\u202efdp.exe", "afdp.pdf"), ("v1.2 report.PDF", "v1.2 report.pdf"),
     (".pdf", ".pdf.pdf"), ("../../etc/passwd", "passwd.pdf")],
)  # fmt: skip
def test_the_name_of_a_pdf_ends_as_what_it_is(sent: str, shown: str) -> None:
    assert clean_file(upload(written(), sent)).name == shown  # type: ignore[union-attr]
