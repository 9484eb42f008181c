"""Forms for recording an unknown parcel and for reading a code from a photo."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from signoff.db.tokens import public_token
from signoff.pictures.fields import PicturesField

NOTHING_SAID = _("Enter what the label says, or add a photo of it.")


class UnknownParcelForm(forms.Form):
    """What the label and the scales say. ``token`` is drawn with the page: sent twice, it is one parcel."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=32)
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "mono"}),
    )
    carrier = forms.CharField(
        label=_("Carrier"), required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    sender = forms.CharField(
        label=_("Sender"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("Telephone on the label"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        help_text=_("The last four digits are enough."),
    )
    weight = forms.IntegerField(
        label=_("Weight in grams"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    remarks = forms.CharField(
        label=_("Remarks"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What is inside, and every number that you find on it."),
    )
    pictures = PicturesField(label=_("Photos"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["token"].initial = public_token()

    def clean(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        if not any(said.values()) and not self.errors:
            raise forms.ValidationError(NOTHING_SAID)
        return self.cleaned_data


class AttachForm(forms.Form):
    """The number of the case that a parcel belongs to."""

    number = forms.CharField(max_length=40)
