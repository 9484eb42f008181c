"""Forms of scorecards: subject, shop and days; and the reason of a waiver."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from signoff.models import Failing, Shop, Subject
from signoff.scorecards.text import FAILINGS
from signoff.web.fields import choice_field

DAYS = {"30": _("30 days"), "90": _("90 days"), "365": _("365 days")}
_SELECT_ATTRS = {"class": "form-select form-select-sm"}


class ScopeForm(forms.Form):
    """Subject, shop and days, each with a default that replaces an invalid value."""

    subject = forms.ChoiceField(choices=Subject.choices, widget=forms.HiddenInput)
    shop = forms.ChoiceField(label=_("Shop"), widget=forms.Select(attrs=_SELECT_ATTRS))
    days = forms.ChoiceField(label=_("Days"), choices=list(DAYS.items()), widget=forms.Select(attrs=_SELECT_ATTRS))
    plot = forms.ChoiceField(
        label=_("Show in the chart"), choices=list(FAILINGS.items()), widget=forms.Select(attrs=_SELECT_ATTRS)
    )

    def __init__(self, query: QueryDict, *, shops: Sequence[Shop], **fixed: Any) -> None:
        self.shops = {shop.slug: shop for shop in shops}
        defaults = {"subject": Subject.CARRIER, "shop": next(iter(self.shops), ""), "days": "30", "plot": Failing.LATE}
        values = {name: query.get(name) or default for name, default in defaults.items()} | fixed
        super().__init__(values)
        choice_field(self, "shop").choices = [(shop.slug, shop.name) for shop in shops]
        self.full_clean()
        for name in self.errors:
            values[name] = defaults[name]

    @property
    def chosen(self) -> dict[str, str]:
        """The values in effect, as URL parameters."""
        return {name: str(self.data[name]) for name in self.fields}

    @property
    def chosen_shop(self) -> Shop | None:
        """The shop; None if there are no shops."""
        return self.shops.get(self.data["shop"])


class WaiveForm(forms.Form):
    """The reason of a waiver."""

    reason = forms.CharField(
        label=_("Reason for waiving"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Explain why you waive the claim. This note is all that colleagues will have later.")
        },
    )
