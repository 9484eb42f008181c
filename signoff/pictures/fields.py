"""The form's side: any number of pictures in one field, each judged by itself."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import ngettext

from signoff.pictures.clean import CleanPicture, clean_each

ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/heic,image/heif,image/avif,.heic,.heif,.avif"


class PicturesInput(forms.FileInput):
    """A file input for several files; a browser sends them under one name."""

    allow_multiple_selected = True


class PicturesField(forms.Field):
    """Cleans to a list of ``CleanPicture``, empty when nothing was sent; one error per file that is refused.

    ``capture="environment"`` makes a phone open its back camera at once instead of offering the gallery.
    """

    widget = PicturesInput

    def __init__(self, *, max_number: int = 10, capture: str = "", **options: Any) -> None:
        self.max_number = max_number
        self.capture = capture
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"accept": ACCEPT} | ({"capture": self.capture} if self.capture else {})

    def clean(self, value: Sequence[UploadedFile] | None) -> list[CleanPicture]:
        uploads = super().clean(list(value or []))
        if len(uploads) > self.max_number:
            raise ValidationError(self._too_many(), code="too_many")
        pictures, refusals = clean_each(uploads)
        if refusals:
            raise ValidationError(refusals)
        return pictures

    def has_changed(self, initial: Any, data: Sequence[UploadedFile] | None) -> bool:
        return bool(data)

    def _too_many(self) -> str:
        return ngettext(
            "Only %(limit)d picture can be uploaded here. Choose the one that shows it best.",
            "At most %(limit)d pictures can be uploaded at once. Choose those that show it best.",
            self.max_number,
        ) % {"limit": self.max_number}
