"""Filters of the ledger."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from refunds.models import Entry


class _Narrow(FilterSet):
    """Filters in small size."""

    data: QueryDict

    def __init__(self, data: QueryDict, **options: Any) -> None:
        super().__init__(data, **options)
        for field in self.form.fields.values():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = f"{kind} {kind}-sm"
            if kind == "form-control":
                field.widget.attrs |= {"placeholder": field.label, "maxlength": 80, "size": 34}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab is chosen."""
        return any(self.data.get(name) for name in self.filters if name != "tab")


class EntryFilter(_Narrow):
    """Entries of the ledger."""

    case = CharFilter(field_name="case__number", lookup_expr="iexact", label=_("Case"))
    account = ChoiceFilter(choices=Entry.Account.choices, label=_("Account"), empty_label=_("All accounts"))

    class Meta:
        model = Entry
        fields: list[str] = []
