"""Forms of the shopper in a case: answer, appeal, reopening, shipment, cancellation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WORDS = 4000


class StepForm(forms.Form):
    """``seen`` is the version of the case that the page was rendered from."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    shows = False

    def __init__(self, *args: Any, pictures: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pictures = pictures


class AnswerForm(StepForm):
    """Words, photos or both; the view checks the photos and passes on how many are valid."""

    shows = True
    words = forms.CharField(
        label=_("Your reply"), required=False, max_length=WORDS, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_words(self) -> str:
        words = self.cleaned_data["words"].strip()
        if not words and not self.pictures:
            raise forms.ValidationError(_("Write a reply or add a photo."))
        return words


class AppealForm(AnswerForm):
    """Why the rejection is not right."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].label = _("Reason for your appeal")

    def clean_words(self) -> str:
        words = self.cleaned_data["words"].strip()
        if not words:
            raise forms.ValidationError(_("Tell us what we overlooked or got wrong."))
        return words


class ReopenForm(AnswerForm):
    """What is still wrong with a resolved case."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].label = _("What is still wrong?")

    def clean_words(self) -> str:
        words = self.cleaned_data["words"].strip()
        if not words:
            raise forms.ValidationError(_("Tell us what is still wrong."))
        return words


class ShipForm(StepForm):
    """Carrier and tracking number."""

    CARRIERS = ("DHL", "DPD", "GLS", "UPS", "Royal Mail", "顺丰速运", "中通快递", "中華郵政")

    carrier = forms.CharField(
        label=_("Carrier"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"}),
        error_messages={"required": _("Enter the carrier, such as DHL or SF Express.")},
    )
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the tracking number from your carrier or post office receipt.")},
        help_text=_("You'll find it on the receipt. Please keep the receipt until your request is closed."),
    )


class CancelForm(StepForm):
    """The reason is optional."""

    reason = forms.CharField(
        label=_("Reason (optional)"), required=False, max_length=WORDS, widget=forms.Textarea(attrs={"rows": 2})
    )


#: a shopper's step → its form
FORMS: dict[str, type[StepForm]] = {
    "supply_information": AnswerForm,
    "appeal": AppealForm,
    "reopen": ReopenForm,
    "ship": ShipForm,
    "cancel": CancelForm,
}
