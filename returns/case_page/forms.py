"""Forms of the steps that staff take. ``seen`` is the version of the case from which the page was rendered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from signoff.pictures.fields import PicturesField

WORDS = 4000


def words(label: StrOrPromise, *, missing: StrOrPromise = "", help_text: StrOrPromise = "") -> forms.CharField:
    """A field for words; required when ``missing`` says what to do about it."""
    return forms.CharField(
        label=label,
        required=bool(missing),
        max_length=WORDS,
        help_text=help_text,
        error_messages={"required": missing} if missing else None,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
    )


class StepForm(forms.Form):
    """Fields have the names of the action's arguments, so that ``cleaned_data`` can be passed on."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def redraw(self, seen: int) -> None:
        """Keep the input, now for version ``seen`` of the case."""
        self.data: Any = self.data.copy()
        self.data["seen"] = seen


class QuestionForm(StepForm):
    question = words(
        _("Question to the shopper"),
        missing=_("Enter your question."),
        help_text=_("The shopper sees this text exactly as you write it."),
    )


class NoteForm(StepForm):
    note = words(_("Note for colleagues"), help_text=_("Only colleagues see this."))


class RefusalForm(StepForm):
    words = words(
        _("Reason for rejection"),
        missing=_("Give a reason. The shopper will see it and can appeal."),
        help_text=_("The shopper sees this text exactly as you write it and can appeal."),
    )


class CallersAnswerForm(StepForm):
    """What a shopper said on the phone or sent by e-mail."""

    words = words(_("Shopper's statement"), missing=_("Record what the shopper said."))
    pictures = PicturesField(label=_("Pictures from the shopper"), required=False)


class CallersShipmentForm(StepForm):
    carrier = forms.CharField(
        label=_("Carrier"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        error_messages={"required": _("Enter the carrier, such as DHL or SF Express.")},
    )
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Ask the shopper for the tracking number on the receipt and enter it.")},
    )


class CallersCancellationForm(StepForm):
    reason = words(_("Why the shopper cancels"))
