"""A hostile file name is shown in short, without tricks, and is used for nothing."""

import json
import tempfile
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from signoff.pictures.clean import PictureRefused, clean
from signoff.pictures.fields import PicturesField
from signoff.pictures.filenames import display_name
from tests.datafiles import data_file

NAMES = [
    "../../etc/passwd.jpg",
    "C:\\fakepath\\IMG_0001.JPG",
    ".jpg",
    "a" * 300 + ".jpg",
    "\u202egpj.exe",
    "photo\r\nSet-Cookie: x=1.jpg",
    "<img src=x onerror=alert(1)>.jpg",
    "图片 (1).jpg",
    "{{7*7}}.jpg",
    "photo\0.jpg",
]
HOSTILE = sorted({*NAMES, *json.loads(data_file("text/hostile_file_names.json").read_text("utf-8"))})


class Form(forms.Form):
    pictures = PicturesField()


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_is_only_shown_and_that_safely(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(PictureRefused) as refusal:
        clean(SimpleUploadedFile(name, b"no picture"))
    sentence = str(refusal.value)
    assert sentence.isprintable()
    assert len(sentence.split(": this picture")[0]) <= 40
    assert list(tmp_path.iterdir()) == []


def test_a_form_escapes_the_name() -> None:
    sent = SimpleUploadedFile("<img src=x onerror=alert(1)>.jpg", b"no picture")
    page = Form({}, MultiValueDict({"pictures": [sent]})).as_p()
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;.jpg: this picture can&#x27;t be read." in page


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("IMG_1.svg", "IMG_1.svg"),
        ("破损照片📦.jpeg", "破损照片📦.jpeg"),
        ("IMG_e\u0301.jpg", "IMG_é.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("photo\r\nSet-Cookie: x=1.jpg", "photo Set-Cookie: x=1.jpg"),
        ("a" * 60 + "-back-side.jpg", "a" * 27 + "…ack-side.jpg"),
        ("\u200b\ufeff", "picture without a name"),
        ("", "picture without a name"),
        (None, "picture without a name"),
    ],
)
def test_a_name_is_shown_in_one_short_visible_line(name: str | None, seen: str) -> None:
    assert display_name(name) == seen
