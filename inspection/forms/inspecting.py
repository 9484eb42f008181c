"""Forms for the verdict of each line, and for the appraisal before goods travel."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from inspection.actions import FindingDraft
from inspection.models import Appraisal, Finding
from returns.case_page.forms import StepForm
from returns.models import Line
from signoff.pictures.fields import PicturesField


class FindingForm(forms.Form):
    """The verdict on the received units of one line, with photos."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Finding.Verdict, widget=forms.RadioSelect)
    disposition = forms.ChoiceField(label=_("Disposition"), choices=Finding.Disposition, widget=forms.RadioSelect)
    grade = forms.ChoiceField(label=_("Condition"), choices=[("", "–"), *Finding.Grade.choices], required=False)
    words = forms.CharField(
        label=_("Notes for the desk and the shopper"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    pictures = PicturesField(label=_("Photos"), required=False, capture="environment")

    def __init__(self, data: QueryDict | None = None, files: MultiValueDict | None = None, *, line: Line) -> None:
        self.line = line
        super().__init__(data, files, prefix=f"line{line.pk}")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") in (Finding.Verdict.OTHER_FAULT, Finding.Verdict.NOT_OURS) and not data.get("words"):
            self.add_error("words", _("Describe what you found, so that the desk and the shopper understand it."))
        return data

    @property
    def finding(self) -> FindingDraft:
        """The finding of a valid form."""
        data = self.cleaned_data
        return FindingDraft(self.line, data["verdict"], data["disposition"], data["grade"], data["words"])


class AppraisalForm(StepForm):
    """An expert's appraisal of the evidence."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Appraisal.Verdict, widget=forms.RadioSelect)
    words = forms.CharField(label=_("Describe what you see"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
