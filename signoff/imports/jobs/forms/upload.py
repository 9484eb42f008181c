"""Form for uploading files of orders."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signoff.imports.files.sniff import MAX_BYTES, SNIFF_BYTES, UnreadableFile, detect_kind_of_start
from signoff.imports.files.uploaded import MAX_FILES, safe_name
from signoff.models import Shop

ACCEPT = ".csv,.txt,.xlsx,.json,.gz,text/csv,application/json"
GIGABYTES = MAX_BYTES // 1024**3


class FilesInput(forms.FileInput):
    """A file input for several files; a browser sends them under one name."""

    allow_multiple_selected = True


class FilesField(forms.Field):
    """Cleans to a list of uploads; each unreadable file gives an error with its name."""

    widget = FilesInput(attrs={"accept": ACCEPT, "multiple": True})

    def clean(self, value: Sequence[UploadedFile] | None) -> list[UploadedFile]:
        uploads = super().clean(list(value or []))
        if len(uploads) > MAX_FILES:
            raise ValidationError(_("Upload 1 to %(most)d files at a time.") % {"most": MAX_FILES})
        if refusals := [sentence for sentence in map(_file_error, uploads) if sentence]:
            raise ValidationError(refusals)
        return uploads


class UploadForm(forms.Form):
    """Shop and files. ``too_big`` names the files that were dropped while uploading."""

    shop = forms.ModelChoiceField(
        Shop.objects.order_by("name"),
        label=gettext_lazy("Shop"),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose the shop that these orders belong to.")},
    )
    files = FilesField(  # type: ignore[assignment]  # Django's metaclass moves the field out of the class
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "CSV, XLSX or JSON, also gzipped, with orders of one shop. Up to %(most)d related files, %(size)d GB each."
        ),
        error_messages={"required": gettext_lazy("Choose an order file.")},
    )

    def __init__(self, *args: Any, too_big: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.too_big = too_big
        self.fields["files"].help_text %= {"most": MAX_FILES, "size": GIGABYTES}
        if only := Shop.objects.only_one():
            self.fields["shop"].widget, self.fields["shop"].initial = forms.HiddenInput(), only

    def full_clean(self) -> None:
        """Replace the field's errors by those of files that were too big; otherwise “choose a file” would be shown."""
        super().full_clean()
        if self.is_bound and self.too_big:
            self.errors.pop("files", None)
            self.add_error("files", [too_big_text(name) for name in self.too_big])


def too_big_text(name: str) -> str:
    return _("“%(file)s” is larger than %(size)d GB. Split it and upload the parts.") % {
        "file": safe_name(name),
        "size": GIGABYTES,
    }


def _file_error(upload: UploadedFile) -> str:
    """Why the file cannot be read, or an empty text."""
    name = safe_name(upload.name or "")
    if (upload.size or 0) > MAX_BYTES:
        return too_big_text(name)
    try:
        detect_kind_of_start(upload.read(SNIFF_BYTES))
    except UnreadableFile as why:
        return _("“%(file)s”: %(why)s") % {"file": name, "why": why}
    finally:
        upload.seek(0)
    return ""
