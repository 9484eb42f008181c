"""Forms about one refund."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from refunds.models import Refund


class ConfirmForm(forms.Form):
    """The reference of bank or provider proves that the money has left; a marketplace may not show one."""

    reference = forms.CharField(
        label=_("Bank reference"),
        max_length=120,
        help_text=_("As shown by the bank. Each reference can be used for one refund only."),
    )

    def __init__(self, *args: Any, refund: Refund, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["reference"]
        if refund.gateway == Refund.Gateway.PROVIDER:
            field.label = _("Reference of the refund")
            field.help_text = _("As shown by the payment provider. Each reference can be used for one refund only.")
        if refund.gateway == Refund.Gateway.PLATFORM:
            field.label, field.required = _("Number of the refund there"), False
            field.help_text = _("As shown by the marketplace. Leave it empty if it shows none.")


class FailForm(forms.Form):
    """The reason why the refund was not and will not be paid."""

    why = forms.CharField(
        label=_("Why it failed"), max_length=250, help_text=_("For example: account closed. Only colleagues see this.")
    )
