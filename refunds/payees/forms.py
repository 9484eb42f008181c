"""The form by which a shopper says where a bank transfer goes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from refunds.models import Payee
from refunds.payees.rules import WrongAccount, check_account


class PayeeForm(forms.Form):
    """Kind of account, name as at the bank, and the account itself."""

    kind = forms.ChoiceField(label=_("Kind of account"), choices=Payee.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name as at the bank"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter the name of the account's owner, as the bank has it.")},
    )
    account = forms.CharField(
        label=_("IBAN, card number or Alipay account"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Only the colleague who makes the transfer can see it. It is deleted when your request is closed."),
        error_messages={"required": _("Enter the account that the money should go to.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") and data.get("account"):
            try:
                data["account"] = check_account(data["kind"], data["account"])
            except WrongAccount as wrong:
                self.add_error("account", str(wrong))
        return data
