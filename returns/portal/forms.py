"""What a shopper writes in a case: an answer, an appeal, a shipment, a cancellation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WORDS = 4000


class StepForm(forms.Form):
    """``seen`` is the version of the case that the page was drawn from."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    shows = False

    def __init__(self, *args: Any, pictures: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pictures = pictures


class AnswerForm(StepForm):
    """Words, photos or both; the view judges the photos one by one and hands in how many are good."""

    shows = True
    words = forms.CharField(
        label=_("Your answer"), required=False, max_length=WORDS, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_words(self) -> str:
        words = self.cleaned_data["words"].strip()
        if not words and not self.pictures:
            raise forms.ValidationError(_("Write an answer or add a photo."))
        return words


class AppealForm(AnswerForm):
    """Why the rejection is not right."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].label = _("Why should we look again?")

    def clean_words(self) -> str:
        words = self.cleaned_data["words"].strip()
        if not words:
            raise forms.ValidationError(_("Say why we should look again: what did we overlook or get wrong?"))
        return words


class ShipForm(StepForm):
    """Who carries the parcel, under which number."""

    CARRIERS = ("DHL", "DPD", "GLS", "UPS", "Royal Mail", "顺丰速运", "中通快递", "中華郵政")

    carrier = forms.CharField(
        label=_("Carrier"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"}),
        error_messages={"required": _("Enter who carries the parcel, such as DHL or SF Express.")},
    )
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the tracking number from the receipt of the post or the carrier.")},
        help_text=_("It is on the receipt. Keep the receipt until the case is closed."),
    )


class CancelForm(StepForm):
    """No reason is needed."""

    reason = forms.CharField(
        label=_("Why? (if you like to say)"), required=False, max_length=WORDS, widget=forms.Textarea(attrs={"rows": 2})
    )


#: a shopper's step → its form
FORMS: dict[str, type[StepForm]] = {
    "supply_information": AnswerForm,
    "appeal": AppealForm,
    "ship": ShipForm,
    "cancel": CancelForm,
}
