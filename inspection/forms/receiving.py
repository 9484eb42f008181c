"""Form for receiving goods."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from returns.lifecycle.queries import lines_with_articles
from returns.models import Case, Line
from signoff.pictures.fields import PicturesField


class ReceivingForm(forms.Form):
    """One count per line, with the quantity of the case as initial value; remarks; the parcel's outside."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    remarks = forms.CharField(
        label=_("Remarks"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Box crushed, seal broken, something else inside …"),
    )
    other = forms.CharField(
        label=_("Something else in the parcel"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What does not belong to this case. The desk decides what becomes of it."),
    )
    pictures = PicturesField(label=_("Photos of the parcel's outside"), required=False)

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines: list[Line] = lines_with_articles(case)
        self.fields["seen"].initial = case.seq
        for line in self.lines:
            attrs = {"inputmode": "numeric", "class": "big-number", "autofocus": line == self.lines[0]}
            self.fields[f"count_{line.pk}"] = forms.IntegerField(
                label=format_html(
                    '{} <span class="visually-hidden">{}</span>',
                    _("Units received"),
                    line.order_line.title or line.order_line.sku,
                ),
                min_value=0,
                initial=line.shipped or line.authorised or line.requested,
                widget=forms.NumberInput(attrs=attrs),
            )

    @property
    def counts(self) -> list[tuple[Line, forms.BoundField]]:
        """Each line with its field, for the page."""
        return [(line, self[f"count_{line.pk}"]) for line in self.lines]

    @property
    def counted(self) -> dict[int, int]:
        """``{case line id: units}`` of a valid form."""
        return {line.pk: self.cleaned_data[f"count_{line.pk}"] for line in self.lines}
