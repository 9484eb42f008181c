"""Forms of saved views and of the choice of columns."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from signoff.models import Team


class SaveViewForm(forms.Form):
    """A name, and for whom."""

    name = forms.CharField(
        label=_("Name of the view"), max_length=60, error_messages={"required": _("Give the view a name.")}
    )
    team = forms.ModelChoiceField(Team.objects.none(), label=_("For"), required=False, empty_label=_("Only me"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        options["auto_id"] = "view-%s"
        super().__init__(*args, **options)
        field = self.fields["team"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Team.objects.of_user(user)
