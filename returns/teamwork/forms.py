"""Forms to assign one case, and to hand over all of one's own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.case_page.forms import StepForm, words
from returns.teamwork.queries import Colleague
from signoff.models import Team
from signoff.web.formatting import name_of


def choices_of(colleagues: Sequence[Colleague]) -> list[tuple[str, str]]:
    """Username and name of each, those who are away marked."""
    away = _("%(name)s (away)")
    return [
        (one.user.get_username(), away % {"name": name_of(one.user)} if one.away else name_of(one.user))
        for one in colleagues
    ]


def receiver_choices(colleagues: Sequence[Colleague], teams: Sequence[Team]) -> list[Any]:
    """Colleagues by username and teams by name, as ``receiver_of`` finds them again."""
    people = [(f"person:{username}", name) for username, name in choices_of(colleagues)]
    groups: list[Any] = [("", _("Choose…")), (_("Colleagues"), people)]
    if teams:
        groups.append((_("Teams"), [(f"team:{team.name}", team.name) for team in teams]))
    return groups


class AssignForm(StepForm):
    """``to`` becomes the colleague or the team."""

    to = forms.ChoiceField(
        label=gettext_lazy("Assign to"),
        widget=forms.Select(attrs={"autofocus": True}),
        error_messages={"required": gettext_lazy("Choose a colleague or a team.")},
    )
    words = words(gettext_lazy("Note for them"), help_text=gettext_lazy("Say why. Only colleagues see this."))

    def __init__(self, *args: Any, colleagues: Sequence[Colleague], teams: Sequence[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        self.receivers: dict[str, User | Team] = {f"person:{one.user.get_username()}": one.user for one in colleagues}
        self.receivers |= {f"team:{team.name}": team for team in teams}
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = receiver_choices(colleagues, teams)

    def clean_to(self) -> User | Team:
        return self.receivers[self.cleaned_data["to"]]


class HandOverForm(forms.Form):
    """``to`` becomes the colleague. Without dates the cases are handed over, and no absence is recorded."""

    to = forms.ChoiceField(
        label=gettext_lazy("Stand-in"), error_messages={"required": gettext_lazy("Choose a colleague.")}
    )
    absent_from = forms.DateField(
        label=gettext_lazy("First day away"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    absent_until = forms.DateField(
        label=gettext_lazy("Last day away"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    words = words(gettext_lazy("Note for them"), help_text=gettext_lazy("Added to every case. Only colleagues see it."))

    def __init__(self, *args: Any, colleagues: Sequence[Colleague], **options: Any) -> None:
        super().__init__(*args, **options)
        self.receivers = {one.user.get_username(): one.user for one in colleagues}
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose…")), *choices_of(colleagues)]

    def clean_to(self) -> User:
        return self.receivers[self.cleaned_data["to"]]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("absent_from"), values.get("absent_until")
        if first and last and last < first:
            self.add_error("absent_until", _("The last day is before the first. Check both dates."))
        elif bool(first) != bool(last) and not self.errors:
            self.add_error("absent_until" if first else "absent_from", _("Enter both days, or leave both empty."))
        return values
