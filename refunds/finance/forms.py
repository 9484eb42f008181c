"""Forms about one refund."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmForm(forms.Form):
    """The bank's reference proves that the money has left."""

    reference = forms.CharField(
        label=_("Bank reference"),
        max_length=120,
        help_text=_("As shown by the bank. Each reference can be used for one refund only."),
    )


class FailForm(forms.Form):
    """The reason why the refund was not and will not be paid."""

    why = forms.CharField(
        label=_("Why it failed"), max_length=250, help_text=_("For example: account closed. Only colleagues see this.")
    )
