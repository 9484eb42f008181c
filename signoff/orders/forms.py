"""Form for settling an anomaly."""

from django import forms
from django.utils.translation import gettext_lazy as _

MAX_NOTE_LENGTH = 2000


class SettleForm(forms.Form):
    reason = forms.CharField(
        label=_("Outcome"),
        required=False,
        max_length=MAX_NOTE_LENGTH,
        error_messages={"max_length": _("Use at most %(limit_value)d characters.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
