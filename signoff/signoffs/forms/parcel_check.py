"""Forms for checking a parcel: one per line, one for the whole; together they make a ``DeliveryReport``."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from signoff.models import Discrepancy
from signoff.parcels.contents import Content
from signoff.signoffs.rules import WRONG, DeliveryReport, LineCount, count_error

Kind = Discrepancy.Kind
MAX_COMMENT_LENGTH = 2000
#: kinds of discrepancy in a shopper's words
PLAIN: dict[str, StrOrPromise] = {
    Kind.MISSING: _("Missing"),
    Kind.DAMAGED: _("Damaged"),
    Kind.WRONG_ITEM: _("Wrong item"),
    Kind.DEFECTIVE: _("Does not work"),
    Kind.NOT_AS_DESCRIBED: _("Not as described (size, colour, material)"),
}
#: what can be seen before anything is unpacked and tried
SEEN_AT_THE_DOOR = (Kind.DAMAGED, Kind.WRONG_ITEM, Kind.NOT_AS_DESCRIBED)


def text_field(label: StrOrPromise, *, rows: int = 2, help_text: StrOrPromise = "") -> forms.CharField:
    """An optional text area."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=MAX_COMMENT_LENGTH,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def units_field(label: StrOrPromise, most: int, initial: int | None = None) -> forms.IntegerField:
    """An optional field for a number of items."""
    return forms.IntegerField(
        label=label,
        required=False,
        initial=initial,
        error_messages={"invalid": _("Enter the number of items in digits.")},
        widget=forms.NumberInput(attrs={"min": 0, "max": most, "inputmode": "numeric"}),
    )


def radio_field(label: StrOrPromise, choices: Sequence[tuple[str, StrOrPromise]]) -> forms.ChoiceField:
    """An optional choice drawn as radio buttons."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose what fits best.")},
    )


class LineForm(forms.Form):
    """Form of one line of a parcel; ``count`` prefills the form of a correction."""

    def __init__(self, data: QueryDict | None = None, *, content: Content, count: LineCount | None = None) -> None:
        super().__init__(data, prefix=f"line{content.line.position}")
        self.content = content
        self.add_fields()
        self.fields["words"] = text_field(_("What exactly is wrong with it?"))
        self.initial = self.initial_values(count) | {"words": count.words} if count else {}

    @property
    def name(self) -> str:
        return str(self.prefix)

    @property
    def has_remarks(self) -> bool:
        """Whether the line differs from the order in count, condition or comment. Only on a valid form."""
        return self.line_count() != LineCount(self.content.quantity)

    def add_fields(self) -> None:
        """Add the fields of the subclass."""
        raise NotImplementedError

    def initial_values(self, count: LineCount) -> dict[str, Any]:
        """Initial values of the fields that ``add_fields`` adds."""
        raise NotImplementedError

    def line_count(self) -> LineCount:
        """The count as entered; an empty field means that everything is as ordered."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        if not self.errors and (sentence := count_error(self.line_count(), self.content.quantity)):
            self.add_error(None, sentence)
        return self.cleaned_data

    @property
    def comment(self) -> str:
        return self.cleaned_data.get("words", "").strip()


class CountForm(LineForm):
    """Line of several units: the number that arrived, and how many have which problem."""

    single = False

    def add_fields(self) -> None:
        self.fields["counted"] = units_field(_("How many arrived?"), self.content.quantity, self.content.quantity)
        for kind in WRONG:
            self.fields[kind] = units_field(PLAIN[kind], self.content.quantity)

    def initial_values(self, count: LineCount) -> dict[str, Any]:
        return {"counted": count.quantity, **count.problems}

    def line_count(self) -> LineCount:
        counted = self.cleaned_data.get("counted")
        problems = {str(kind): units for kind in WRONG if (units := self.cleaned_data.get(kind))}
        return LineCount(self.content.quantity if counted is None else counted, problems, self.comment)

    def kinds(self) -> list[forms.BoundField]:
        """The fields with the number of units per problem."""
        return [self[kind] for kind in WRONG]


class SingleForm(LineForm):
    """Line of one unit: a choice of one problem, or none."""

    single = True

    def add_fields(self) -> None:
        self.fields["what"] = radio_field(_("Is it all right?"), [("", _("As ordered")), *PLAIN.items()])

    def initial_values(self, count: LineCount) -> dict[str, Any]:
        return {"what": next(iter(count.problems), "") if count.quantity else Kind.MISSING}

    def line_count(self) -> LineCount:
        problem = self.cleaned_data.get("what", "")
        return LineCount(0 if problem == Kind.MISSING else 1, {problem: 1} if problem in WRONG else {}, self.comment)


class WholeForm(forms.Form):
    """Comment on the whole parcel, and the reason if it is refused."""

    words = text_field(_("Anything else we should know?"), rows=3)
    refused_for = radio_field(_("Why are you refusing it?"), [(kind, PLAIN[kind]) for kind in SEEN_AT_THE_DOOR])

    def __init__(self, *args: Any, refuses: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.refuses = refuses

    def clean(self) -> dict[str, Any]:
        if self.refuses and not self.cleaned_data.get("refused_for"):
            self.add_error("refused_for", _("Choose the reason for refusing that fits best."))
        return self.cleaned_data


class ReportForms:
    """All forms of one parcel. With ``refuses`` the whole parcel goes back and no line is counted."""

    whole_form = WholeForm

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        contents: Sequence[Content],
        refuses: bool = False,
        report: DeliveryReport | None = None,
    ) -> None:
        counts = report.lines if report else {}
        self.lines = [
            self.line_form(content)(data, content=content, count=counts.get(content.line.pk)) for content in contents
        ]
        initial = {"words": report.words, "refused_for": report.refused_for} if report else None
        self.whole = self.whole_form(data, refuses=refuses, initial=initial)
        self.refuses = refuses

    def __iter__(self) -> Iterator[forms.Form]:
        return iter([*self.lines, self.whole])

    def line_form(self, content: Content) -> type[LineForm]:
        """The form class for a line."""
        return SingleForm if content.quantity == 1 else CountForm

    def is_valid(self) -> bool:
        """Whether all forms are valid; the lines of a refused parcel are not checked, because they are not counted."""
        wrong = [form for form in self.lines if not form.is_valid()]  # all of them, so that every form shows its errors
        return self.whole.is_valid() and (self.refuses or not wrong)

    def report(self) -> DeliveryReport:
        """The report of valid forms."""
        answers = self.whole.cleaned_data
        comment = answers["words"].strip()
        if self.refuses:
            lines = {form.content.line.pk: LineCount(0, words=form.comment) for form in self.lines}
            return DeliveryReport(lines, comment, answers["refused_for"])
        return DeliveryReport({form.content.line.pk: form.line_count() for form in self.lines}, comment)

    def has_remarks(self) -> bool:
        """Whether anything differs from the order or has a comment."""
        return bool(self.whole.cleaned_data["words"].strip()) or any(form.has_remarks for form in self.lines)
