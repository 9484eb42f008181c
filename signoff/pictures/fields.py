"""Form field and widget for several pictures; each upload is validated by itself."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import ngettext

from signoff.pictures.clean import LIMIT, CleanPicture, clean_each

ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/heic,image/heif,image/avif,.heic,.heif,.avif"


class PicturesInput(forms.FileInput):
    """A file input for several files; a browser sends them under one name."""

    allow_multiple_selected = True


class PicturesField(forms.Field):
    """Cleans up to ``LIMIT`` uploads to a list of ``CleanPicture``, which may be empty; one error per refused file.

    ``camera`` makes ``components/file_drop.html`` offer a second button that opens a phone's camera at once.
    """

    widget = PicturesInput
    camera = True

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"accept": ACCEPT}

    def clean(self, value: Sequence[UploadedFile] | None) -> list[CleanPicture]:
        uploads = super().clean(list(value or []))
        if len(uploads) > LIMIT:  # before any is opened: decoding is expensive
            raise ValidationError(_too_many(), code="too_many")
        pictures, refusals = clean_each(uploads)
        if refusals:
            raise ValidationError(refusals)
        return pictures

    def has_changed(self, initial: Any, data: Sequence[UploadedFile] | None) -> bool:
        return bool(data)


def _too_many() -> str:
    return ngettext(
        "Only %(limit)d picture can be uploaded here. Choose the one that shows it best.",
        "At most %(limit)d pictures can be uploaded at once. Choose those that show it best.",
        LIMIT,
    ) % {"limit": LIMIT}
