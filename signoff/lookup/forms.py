"""Forms of order look-up. They normalise input and check its format, not whether it matches an order."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from signoff.db.search_text import reversed_digits

FEWEST_DIGITS = 7


class ContactField(forms.CharField):
    """An e-mail address or a telephone number, also in full-width letters, as Chinese keyboards write them."""

    def to_python(self, value: Any) -> str:
        return _plain(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if "@" in value:
            validate_email(value)
        elif len(reversed_digits(value)) < FEWEST_DIGITS:
            raise forms.ValidationError(
                _("Enter an e-mail address such as name@example.com, or a mobile number with all its digits."),
                code="invalid",
            )


class FindForm(forms.Form):
    """Order number, and e-mail address or mobile number, without surrounding characters."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=80,
        help_text=_("You'll find it in our order e-mail or in the app where you ordered."),
        error_messages={"required": _("Enter the order number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    contact = ContactField(
        label=_("E-mail address or mobile number"),
        max_length=254,
        help_text=_("The one you gave when you ordered."),
        error_messages={"required": _("Enter the e-mail address or mobile number you ordered with.")},
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        return self.cleaned_data["number"].strip()


class CodeForm(forms.Form):
    """The six digits, pasted in any format."""

    code = forms.CharField(
        label=_("Six-digit code"),
        max_length=40,
        error_messages={"required": _("Enter the six digits from our message.")},
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "code-input",
                "spellcheck": "false",
            }
        ),
    )

    def clean_code(self) -> str:
        code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", self.cleaned_data["code"]))
        if not re.fullmatch(r"[0-9]{6}", code):
            raise forms.ValidationError(_("The code is six digits. Copy it from our message."))
        return code


def _plain(text: str) -> str:
    """``text`` with full-width letters normalised, stripped."""
    return unicodedata.normalize("NFKC", text).strip()
