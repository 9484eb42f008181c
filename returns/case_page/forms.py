"""What the desk writes when it takes a step. ``seen`` is the version of the case that the page was drawn from."""

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
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class StepForm(forms.Form):
    """Fields are named as the deed's arguments, so that ``cleaned_data`` can be handed in."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def redraw(self, seen: int) -> None:
        """Keep what was typed, now for version ``seen`` of the case."""
        self.data: Any = self.data.copy()
        self.data["seen"] = seen


class QuestionForm(StepForm):
    question = words(
        _("Question to the shopper"),
        missing=_("Write what you would like to know."),
        help_text=_("The shopper reads this word for word."),
    )


class NoteForm(StepForm):
    note = words(_("Note for colleagues"), help_text=_("Stays inside the house."))


class RefusalForm(StepForm):
    words = words(
        _("Why it is rejected"),
        missing=_("Say why: the shopper reads it and can appeal against it."),
        help_text=_("The shopper reads this word for word and can appeal against it."),
    )


class CallersAnswerForm(StepForm):
    """What a caller said or sent in by other ways."""

    words = words(_("What the shopper said"), missing=_("Write down what the shopper said."))
    pictures = PicturesField(label=_("Pictures the shopper sent"), required=False)


class CallersShipmentForm(StepForm):
    carrier = forms.CharField(
        label=_("Carrier"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter who carries the parcel, such as DHL or SF Express.")},
    )
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Ask the shopper for the number on the receipt and enter it.")},
    )


class CallersCancellationForm(StepForm):
    reason = words(_("Why the shopper withdraws"))
