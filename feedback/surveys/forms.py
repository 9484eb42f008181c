"""What a shopper answers."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

POINTS = range(1, 6)
FACES = {1: "angry", 2: "frown", 3: "meh", 4: "smile", 5: "laugh"}
CONTENT = {
    1: _("not at all"),
    2: _("rather not"),
    3: _("so-so"),
    4: _("content"),
    5: _("very content"),
}
EASY = {
    1: _("very hard"),
    2: _("hard"),
    3: _("so-so"),
    4: _("easy"),
    5: _("very easy"),
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
    """Two questions from 1 to 5, and room for words."""

    satisfaction = _points(
        _("Are you content with the result?"),
        CONTENT,
        _("Choose one of the five faces for the result."),
    )
    ease = _points(_("Was it easy for you?"), EASY, _("Choose one of the five faces for how easy it was."))
    words = forms.CharField(
        label=_("Is there anything you would like to tell us?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ClosingAnswerForm(AnswerForm):
    """For a case that the shopper may close with the answer."""

    close = forms.BooleanField(label=_("Everything is settled, close my case"), required=False)
