"""What somebody says of a parcel: a small form for each line, and one for the whole. They add up to a ``Receipt``."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from signoff.models import Discrepancy
from signoff.parcels.contents import Content
from signoff.signoffs.rules import WRONG, Counted, Receipt, trouble

Kind = Discrepancy.Kind
WORDS = 2000
#: the kinds of wrong, as a shopper says them
PLAIN: dict[str, StrOrPromise] = {
    Kind.MISSING: _("Missing"),
    Kind.DAMAGED: _("Damaged"),
    Kind.WRONG_ITEM: _("Wrong item"),
    Kind.DEFECTIVE: _("Does not work"),
    Kind.NOT_AS_DESCRIBED: _("Not as described (size, colour, material)"),
}
#: what can be seen before anything is unpacked and tried
SEEN_AT_THE_DOOR = (Kind.DAMAGED, Kind.WRONG_ITEM, Kind.NOT_AS_DESCRIBED)


def words(label: StrOrPromise, *, rows: int = 2, help_text: StrOrPromise = "") -> forms.CharField:
    """A field for words that nobody has to fill in."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=WORDS,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def number(label: StrOrPromise, most: int, initial: int | None = None) -> forms.IntegerField:
    """A field for a number of items."""
    return forms.IntegerField(
        label=label,
        required=False,
        initial=initial,
        error_messages={"invalid": _("Enter the number of items in digits.")},
        widget=forms.NumberInput(attrs={"min": 0, "max": most, "inputmode": "numeric"}),
    )


def one_of_these(label: StrOrPromise, choices: Sequence[tuple[str, StrOrPromise]]) -> forms.ChoiceField:
    """A field of radio buttons."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose what fits best.")},
    )


class LineForm(forms.Form):
    """One line of a parcel; ``told`` is what a form that corrects begins with."""

    def __init__(self, data: QueryDict | None = None, *, content: Content, told: Counted | None = None) -> None:
        super().__init__(data, prefix=f"line{content.line.position}")
        self.content = content
        self.ask()
        self.fields["words"] = words(_("What exactly is wrong with it?"))
        self.initial = self.begin(told) | {"words": told.words} if told else {}

    @property
    def name(self) -> str:
        return str(self.prefix)

    @property
    def tells(self) -> bool:
        """Whether anything was said of the line that is not as ordered; asked once it is valid."""
        return self.said() != Counted(self.content.quantity)

    def ask(self) -> None:
        """Make the fields."""
        raise NotImplementedError

    def begin(self, told: Counted) -> dict[str, Any]:
        """What the fields begin with."""
        raise NotImplementedError

    def said(self) -> Counted:
        """What was counted; an empty field is no news."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        if not self.errors and (sentence := trouble(self.said(), self.content.quantity)):
            self.add_error(None, sentence)
        return self.cleaned_data

    @property
    def spoken(self) -> str:
        return self.cleaned_data.get("words", "").strip()


class CountForm(LineForm):
    """It is counted, and said how many are wrong in which way."""

    single = False

    def ask(self) -> None:
        self.fields["counted"] = number(_("How many arrived?"), self.content.quantity, self.content.quantity)
        for kind in WRONG:
            self.fields[kind] = number(PLAIN[kind], self.content.quantity)

    def begin(self, told: Counted) -> dict[str, Any]:
        return {"counted": told.quantity, **told.problems}

    def said(self) -> Counted:
        counted = self.cleaned_data.get("counted")
        problems = {str(kind): units for kind in WRONG if (units := self.cleaned_data.get(kind))}
        return Counted(self.content.quantity if counted is None else counted, problems, self.spoken)

    def kinds(self) -> list[forms.BoundField]:
        """The fields that ask how many are wrong in one way."""
        return [self[kind] for kind in WRONG]


class SingleForm(LineForm):
    """Of a single item one thing is chosen."""

    single = True

    def ask(self) -> None:
        self.fields["what"] = one_of_these(_("Is it all right?"), [("", _("As ordered")), *PLAIN.items()])

    def begin(self, told: Counted) -> dict[str, Any]:
        return {"what": next(iter(told.problems), "") if told.quantity else Kind.MISSING}

    def said(self) -> Counted:
        what = self.cleaned_data.get("what", "")
        return Counted(0 if what == Kind.MISSING else 1, {what: 1} if what in WRONG else {}, self.spoken)


class WholeForm(forms.Form):
    """Words about the parcel, and why it is refused where it is."""

    words = words(_("Anything else we should know?"), rows=3)
    refused_for = one_of_these(_("Why are you refusing it?"), [(kind, PLAIN[kind]) for kind in SEEN_AT_THE_DOOR])

    def __init__(self, *args: Any, refuses: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.refuses = refuses

    def clean(self) -> dict[str, Any]:
        if self.refuses and not self.cleaned_data.get("refused_for"):
            self.add_error("refused_for", _("Choose the reason for refusing that fits best."))
        return self.cleaned_data


class ReceiptForms:
    """All forms of one parcel together. ``refuses``: nothing is counted, the whole parcel goes back."""

    whole_form = WholeForm

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        contents: Sequence[Content],
        refuses: bool = False,
        told: Receipt | None = None,
    ) -> None:
        known = told.lines if told else {}
        self.lines = [self.line_form(one)(data, content=one, told=known.get(one.line.pk)) for one in contents]
        initial = {"words": told.words, "refused_for": told.refused_for} if told else None
        self.whole = self.whole_form(data, refuses=refuses, initial=initial)
        self.refuses = refuses

    def __iter__(self) -> Iterator[forms.Form]:
        return iter([*self.lines, self.whole])

    def line_form(self, content: Content) -> type[LineForm]:
        """Which form a line gets."""
        return SingleForm if content.quantity == 1 else CountForm

    def is_valid(self) -> bool:
        """Whether it adds up. Of a refused parcel no line is judged: nobody counts."""
        wrong = [form for form in self.lines if not form.is_valid()]  # each is asked, so that each says its sentence
        return self.whole.is_valid() and (self.refuses or not wrong)

    def receipt(self) -> Receipt:
        """What was said, once it is valid."""
        said = self.whole.cleaned_data
        spoken = said["words"].strip()
        if self.refuses:
            lines = {form.content.line.pk: Counted(0, words=form.spoken) for form in self.lines}
            return Receipt(lines, spoken, said["refused_for"])
        return Receipt({form.content.line.pk: form.said() for form in self.lines}, spoken)

    def says_something(self) -> bool:
        """Whether the receipt says more than that everything is as ordered."""
        return bool(self.whole.cleaned_data["words"].strip()) or any(form.tells for form in self.lines)
