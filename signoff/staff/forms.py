"""Form of one's own profile."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signoff.models import StaffProfile
from signoff.staff.kinds import notification_kinds

DAY = {"type": "date"}


def full_name(user: User) -> str:
    """The name of a colleague in a list of choices."""
    return user.get_full_name() or user.get_username()


class ProfileForm(forms.ModelForm):
    """Language, zone, absence, and the kinds of notification that are wanted."""

    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Notify me when"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = StaffProfile
        fields = ["language", "time_zone", "absent_from", "absent_until", "stand_in"]
        widgets = {
            "absent_from": forms.DateInput(format="%Y-%m-%d", attrs=DAY),
            "absent_until": forms.DateInput(format="%Y-%m-%d", attrs=DAY),
            "time_zone": forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        }
        labels = {
            "absent_from": gettext_lazy("First day away"),
            "absent_until": gettext_lazy("Last day away"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        wanted, stand_in, language = self.fields["wanted"], self.fields["stand_in"], self.fields["language"]
        if isinstance(language, forms.TypedChoiceField):
            language.choices = [("", _("As in the browser")), *settings.LANGUAGES]
            language.help_text = ""
        if isinstance(wanted, forms.MultipleChoiceField):
            wanted.choices = list(notification_kinds().items())
        wanted.initial = [code for code in notification_kinds() if code not in self.instance.muted]
        if isinstance(stand_in, forms.ModelChoiceField):
            stand_in.empty_label = _("Nobody")
            others = User.objects.filter(is_active=True).exclude(pk=self.instance.user_id)
            stand_in.queryset = others.order_by("first_name", "last_name", "username")
            stand_in.choices = [("", _("Nobody")), *((user.pk, full_name(user)) for user in stand_in.queryset)]

    @property
    def zones(self) -> list[str]:
        """Suggestions for the time zone."""
        return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("absent_from"), values.get("absent_until")
        if first and last and last < first:
            self.add_error("absent_until", _("The last day is before the first. Check both dates."))
        elif bool(first) != bool(last) and not self.errors:
            self.add_error("absent_until" if first else "absent_from", _("Enter both days, or leave both empty."))
        return values

    def choices(self) -> dict[str, Any]:
        """The arguments of ``signoff.staff.actions.change_profile``, of a valid form."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        muted = [code for code in notification_kinds() if code not in self.cleaned_data["wanted"]]
        return values | {"muted": muted}
