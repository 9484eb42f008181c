"""Forms of an approver's answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """Approve, send back or reject; the last two need a reason."""

    APPROVE, SEND_BACK, REJECT = "approve", "send_back", "reject"

    seen = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[(APPROVE, APPROVE), (SEND_BACK, SEND_BACK), (REJECT, REJECT)])
    words = forms.CharField(required=False, max_length=2000, widget=forms.Textarea)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("words") or "").strip() and data.get("answer") in (self.SEND_BACK, self.REJECT):
            self.add_error("words", self._missing(data["answer"]))
        return data

    def _missing(self, answer: str) -> Any:
        if answer == self.REJECT:
            return _("Give a reason. The shopper will see it and can appeal.")
        return _("Say what to change. The person who proposed the plan will see it.")
