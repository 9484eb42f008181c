"""Several pictures in one field: each is judged by itself and every refusal names its file."""

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from signoff.pictures import clean
from signoff.pictures.fields import PicturesField
from tests.pictures.corpus import upload


class EvidenceForm(forms.Form):
    pictures = PicturesField(required=False)


class BenchForm(forms.Form):
    pictures = PicturesField()


def filled(*uploads: SimpleUploadedFile, form: type[forms.Form] = EvidenceForm) -> forms.Form:
    return form({}, MultiValueDict({"pictures": list(uploads)}))


def test_all_pictures_come_out_clean_and_in_order() -> None:
    form = filled(upload("png_named.jpg"), upload("jpeg_named.png"))
    assert form.is_valid(), form.errors
    assert [picture.original_format for picture in form.cleaned_data["pictures"]] == ["PNG", "JPEG"]


def test_every_refused_file_has_its_own_sentence() -> None:
    form = filled(upload("svg_script.svg"), upload("png_named.jpg"), upload("bomb_30000x30000_1bit.png"))
    assert form.errors == {
        "pictures": [
            ("svg_script.svg: this picture can't be read. Upload JPEG, PNG, WebP, GIF, HEIC or AVIF, or take a photo."),
            (
                "bomb_30000x30000_1bit.png: this picture has more than 40 megapixels. Choose a lower resolution on "
                "the camera, or upload a screenshot."
            ),
        ]
    }


def test_a_video_an_empty_and_an_oversized_file_are_told_apart() -> None:
    form = filled(
        SimpleUploadedFile("clip.jpg", b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + b"\0" * 99),
        SimpleUploadedFile("empty.jpg", b""),
        SimpleUploadedFile("big.jpg", b"\xff\xd8\xff" + b"\0" * clean.MAX_BYTES),
    )
    assert [error.split(".jpg: this ")[1].split(".")[0] for error in form.errors["pictures"]] == [
        "is a video; only pictures can be uploaded here",
        "file is empty",
        "file is larger than 15 MB",
    ]


def test_too_many_are_refused_before_any_is_opened() -> None:
    form = filled(*[SimpleUploadedFile("a.jpg", b"")] * (clean.LIMIT + 1))
    assert form.errors == {
        "pictures": [("At most 12 pictures can be uploaded at once. Choose those that show it best.")]
    }


def test_none_is_fine_unless_one_is_required() -> None:
    assert filled().is_valid()
    assert filled().fields["pictures"].clean([]) == []
    assert filled(form=BenchForm).errors == {"pictures": ["This field is required."]}


def test_the_input_takes_several_files_and_may_open_the_camera() -> None:
    assert " multiple" in str(EvidenceForm()["pictures"])
    assert 'accept="image/jpeg,' in str(EvidenceForm()["pictures"])
    assert "capture" not in str(EvidenceForm()["pictures"])
    assert EvidenceForm()["pictures"].field.camera


def test_every_reason_has_a_sentence_in_every_language() -> None:
    reasons = ("empty", "bytes", "pixels", "frames", "memory", "video", "heic", "unknown", "blank", "damaged")
    for language in ("en", "zh-hans", "zh-hant"):
        with translation.override(language):
            for reason in reasons:
                assert "%(name)s" in clean._sentence(reason)
