"""How the trouble of a parcel ended."""

from django import forms
from django.utils.translation import gettext_lazy as _

from signoff.models import ParcelException

WORDS = 2000
Settled = ParcelException.Settled
#: what a person may say; a case settles it by itself
OUTCOMES = (Settled.ANSWERED, Settled.ARRIVED, Settled.MISTAKEN)


class SettleForm(forms.Form):
    as_ = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[(outcome, outcome.label) for outcome in OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how it ended."),
            "invalid_choice": _("Choose one of the ways in which it can end."),
        },
    )
    words = forms.CharField(
        label=_("Note for colleagues"),
        required=False,
        max_length=WORDS,
        error_messages={"max_length": _("Write at most %(limit_value)d characters.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
