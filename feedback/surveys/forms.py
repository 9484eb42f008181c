"""Forms of the survey."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

POINTS = range(1, 6)
CONTENT = {
    1: _("Very unhappy"),
    2: _("Unhappy"),
    3: _("Neutral"),
    4: _("Happy"),
    5: _("Very happy"),
}
EASY = {
    1: _("Very difficult"),
    2: _("Difficult"),
    3: _("Neutral"),
    4: _("Easy"),
    5: _("Very easy"),
}


def _points(label: StrOrPromise, words: Mapping[int, StrOrPromise], missing: StrOrPromise) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=list(words.items()),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )


class AnswerForm(forms.Form):
    """Two questions with answers from 1 to 5, and a comment."""

    satisfaction = _points(
        _("Are you happy with the outcome?"),
        CONTENT,
        _("Please rate the outcome."),
    )
    ease = _points(_("How easy was it?"), EASY, _("Please rate how easy it was."))
    words = forms.CharField(
        label=_("Anything else you'd like to tell us?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ClosingAnswerForm(AnswerForm):
    """The form for a case that the shopper may close with the answer."""

    close = forms.BooleanField(label=_("Everything is sorted. Close my request."), required=False)
