"""Forms of order look-up. They normalise input and check its format, not whether it matches an order."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PlainEmailField(forms.EmailField):
    """An e-mail field that accepts full-width letters, as Chinese keyboards write them."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(_plain(value) if isinstance(value, str) else value)


class FindForm(forms.Form):
    """Order number and e-mail address, without surrounding characters."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=80,
        help_text=_("You'll find it in the subject line of our order e-mail."),
        error_messages={"required": _("Enter the order number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    email = PlainEmailField(
        label=_("E-mail address used for the order"),
        max_length=254,
        error_messages={
            "required": _("Enter the e-mail address you ordered with."),
            "invalid": _("This isn't a valid e-mail address. It should look like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        return self.cleaned_data["number"].strip()


class CodeForm(forms.Form):
    """The six digits, pasted in any format."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=40,
        error_messages={"required": _("Enter the six digits from our e-mail.")},
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
            raise forms.ValidationError(_("The code is six digits. Copy it from our e-mail."))
        return code


def _plain(text: str) -> str:
    """``text`` with full-width letters normalised, stripped."""
    return unicodedata.normalize("NFKC", text).strip()
