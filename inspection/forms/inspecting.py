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

#: how many verdicts a line may get
MOST_SPLITS = 6


class VerdictForm(forms.Form):
    """A verdict on units of one line, with photos."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Finding.Verdict, widget=forms.RadioSelect)
    disposition = forms.ChoiceField(label=_("Disposition"), choices=Finding.Disposition, widget=forms.RadioSelect)
    grade = forms.ChoiceField(label=_("Condition"), choices=[("", "–"), *Finding.Grade.choices], required=False)
    words = forms.CharField(
        label=_("Notes for the desk and the shopper"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    pictures = PicturesField(label=_("Photos"), required=False)

    def __init__(self, *args: Any, line: Line, **options: Any) -> None:
        super().__init__(*args, **options)
        self.line = line

    def clean(self) -> dict[str, Any]:
        """A verdict that differs from the request, and goods that go back, must be explained."""
        data = super().clean() or {}
        verdict = data.get("verdict")
        if not verdict or data.get("words"):
            return data
        unclear = verdict in (Finding.Verdict.OTHER_FAULT, Finding.Verdict.NOT_OURS)
        differs = not Finding.confirms(verdict, self.line.reason)
        if unclear or differs or data.get("disposition") == Finding.Disposition.SEND_BACK:
            self.add_error("words", _("Describe what you found, so that the desk and the shopper understand it."))
        return data

    def finding(self, quantity: int) -> FindingDraft:
        """The finding of a valid form on ``quantity`` units."""
        data = self.cleaned_data
        return FindingDraft(self.line, data["verdict"], data["disposition"], data["grade"], data["words"], quantity)


class FindingForm(VerdictForm):
    """The verdict on the received units of one line, or on those that no ``SplitForm`` is about."""

    def __init__(self, data: QueryDict | None = None, files: MultiValueDict | None = None, *, line: Line) -> None:
        super().__init__(data, files, line=line, prefix=f"line{line.pk}")
        most = min(line.received, MOST_SPLITS)
        self.splits = [SplitForm(data, files, line=line, number=number) for number in range(2, most + 1)]

    def is_valid(self) -> bool:
        """Validates the forms of single units too, for their photos and errors."""
        answers = [super().is_valid(), *(form.is_valid() for form in self.splits)]
        return all(answers) and self._has_units_left()

    def _has_units_left(self) -> bool:
        split = sum(form.units for form in self.splits if form.is_used)
        if split < self.line.received:
            return True
        last = next(form for form in reversed(self.splits) if form.is_used)
        message = _("Only %(received)d came. Leave at least one for the verdict above.")
        last.add_error("quantity", message % {"received": self.line.received})
        return False

    @property
    def parts(self) -> list[VerdictForm]:
        """This form and those of single units that were filled in, for photos and what was typed."""
        return [self, *(form for form in self.splits if form.is_used)]

    @property
    def findings(self) -> list[FindingDraft]:
        """The findings of a valid form."""
        apart = [form.finding(form.units) for form in self.splits if form.is_used]
        return [self.finding(self.line.received - sum(draft.quantity or 0 for draft in apart)), *apart]


class SplitForm(VerdictForm):
    """Another verdict for some units of a line; without any answer it is left out."""

    use_required_attribute = False

    quantity = forms.IntegerField(
        label=_("Units"),
        required=False,
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "1"}),
    )

    def __init__(
        self, data: QueryDict | None = None, files: MultiValueDict | None = None, *, line: Line, number: int
    ) -> None:
        super().__init__(data, files, line=line, prefix=f"line{line.pk}-{number}", empty_permitted=True)
        self.number = number

    @property
    def is_used(self) -> bool:
        """Whether anything was answered."""
        return self.is_bound and self.has_changed()

    @property
    def units(self) -> int:
        """How many units it is about; one where no number was typed."""
        return self.cleaned_data.get("quantity") or 1


class AppraisalForm(StepForm):
    """An expert's appraisal of the evidence."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Appraisal.Verdict, widget=forms.RadioSelect)
    words = forms.CharField(label=_("Describe what you see"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
