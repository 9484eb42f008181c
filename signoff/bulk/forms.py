"""The form of a pasted or uploaded list."""

import csv
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 1_000_000


class PasteForm(forms.Form):
    """A list that is pasted or uploaded as CSV, one row a line."""

    pasted = forms.CharField(
        label=_("List"), required=False, max_length=MAX_BYTES, widget=forms.Textarea(attrs={"rows": 10})
    )
    file = forms.FileField(label=_("Or a CSV file"), required=False)

    text = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, pasted = data.get("file"), data.get("pasted") or ""
        if file and file.size > MAX_BYTES:
            self.add_error("file", _("The file is larger than 1 MB. Split it, and upload the parts one by one."))
        elif file:
            self.text = _decoded(file.read())
        else:
            self.text = pasted
        if not self.errors and not self.text.strip():
            self.add_error("pasted", _("Paste the list, or choose a file."))
        return data


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def cells_of(text: str) -> Iterator[list[str]]:
    """The rows of a pasted table: cells separated by tabs, semicolons or commas, whichever the first line has."""
    lines = [line for line in text.replace("\x00", "").splitlines() if line.strip()]
    if not lines:
        return
    delimiter = next((mark for mark in "\t;,，" if mark in lines[0]), ",")
    for row in csv.reader(lines, delimiter=delimiter):
        yield [cell.strip() for cell in row]
