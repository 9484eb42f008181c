"""Form that maps the columns of a shop's own table to our fields."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signoff.imports.files.cells import CellError
from signoff.imports.files.cells import currency as currency_code
from signoff.imports.files.csv import Row
from signoff.imports.formats.mapping import ColumnMapping, guess_columns, missing_fields
from signoff.imports.jobs.forms.columns import FIELDS, LABELS, NOT_NEEDED, FieldSelect
from signoff.models import Shop
from signoff.web.fields import choice_field

MAX_COLUMNS = 200
SAMPLES = 3

MARKS = [
    ("", gettext_lazy("Detect automatically")),
    (".", gettext_lazy("Point: 1,234.50")),
    (",", gettext_lazy("Comma: 1.234,50")),
]
DAYS = [
    ("", gettext_lazy("Detect automatically")),
    ("day", gettext_lazy("Day first: 31/12/2026")),
    ("month", gettext_lazy("Month first: 12/31/2026")),
]
SHIPPING = [
    ("order", gettext_lazy("Once per order; rows may repeat it")),
    ("line", gettext_lazy("Per line; all rows are added up")),
]
TAX = [("yes", gettext_lazy("Prices include tax")), ("no", gettext_lazy("Tax is added to prices"))]
DAY_FIRST = {"": None, "day": True, "month": False}
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))


class MappingForm(forms.Form):
    """When valid, ``recipe`` is the ``ColumnMapping``. ``rows`` are the table's first rows, shown as samples."""

    currency = forms.CharField(
        label=gettext_lazy("Currency if none is given"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("A code such as EUR. Leave empty if a column has it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    zone = forms.ChoiceField(label=gettext_lazy("Time zone of the file"), choices=[("UTC", "UTC")])
    mark = forms.ChoiceField(label=gettext_lazy("Decimal separator"), choices=MARKS, required=False)
    days = forms.ChoiceField(label=gettext_lazy("Order of dates with slashes"), choices=DAYS, required=False)
    tax = forms.ChoiceField(label=gettext_lazy("Tax"), choices=TAX)
    shipping = forms.ChoiceField(label=gettext_lazy("Shipping charge"), choices=SHIPPING, required=False)

    def __init__(self, *args: Any, titles: Sequence[str], rows: Sequence[Row], **options: Any) -> None:
        super().__init__(*args, **options)
        choice_field(self, "zone").choices = [("UTC", "UTC"), *((zone, zone) for zone in ZONES)]
        self.columns: dict[str, str] = {}
        self.samples: dict[str, list[str]] = {}
        self.recipe: ColumnMapping | None = None
        for place, title in enumerate(titles[:MAX_COLUMNS]):
            if title.strip() and "\x00" not in title and title not in self.columns.values():
                self._add_column(f"column-{place}", title, [row.cells[place : place + 1] for row in rows])

    def _add_column(self, name: str, title: str, cells: Sequence[list[str]]) -> None:
        self.columns[name] = title
        self.samples[name] = list(dict.fromkeys(cell[0][:60] for cell in cells if cell and cell[0].strip()))[:SAMPLES]
        self.fields[name] = forms.ChoiceField(
            label=title[:80],
            choices=[("", NOT_NEEDED), *FIELDS],
            required=False,
            widget=FieldSelect(attrs={"class": "form-select"}),
        )

    def drawn(self) -> list[dict[str, Any]]:
        """For the template: each column's field and its samples."""
        return [{"field": self[name], "samples": self.samples[name]} for name in self.columns]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        columns = self._chosen()
        if missing := [str(LABELS[name]) for name in missing_fields(columns)]:
            self.add_error(None, _("Choose the columns that hold: %(fields)s.") % {"fields": ", ".join(missing)})
        code = self._currency(columns)
        if not self.errors:
            self.recipe = ColumnMapping(
                columns,
                currency=code,
                zone=cleaned["zone"],
                mark=cleaned["mark"],
                day_first=DAY_FIRST[cleaned["days"]],
                prices_include_tax=cleaned["tax"] == "yes",
                shipping_per="line" if cleaned["shipping"] == "line" else "order",
            )
        return cleaned

    def _chosen(self) -> dict[str, str]:
        """Chosen columns by our field; a field that is chosen twice is a form error."""
        columns: dict[str, str] = {}
        for name, title in self.columns.items():
            if not (field := self.cleaned_data.get(name)):
                continue
            if field in columns:
                sentence = _("“%(field)s” is already assigned to “%(column)s”. Change one of them.")
                self.add_error(name, sentence % {"field": LABELS[field], "column": columns[field]})
            else:
                columns[field] = title
        return columns

    def _currency(self, columns: dict[str, str]) -> str:
        text = self.cleaned_data.get("currency") or ""
        try:
            if text:
                return currency_code("currency", text)
        except CellError as wrong:
            self.add_error("currency", str(wrong))
        else:
            if "currency" not in columns:
                sentence = _("Choose the column that holds the currency, or the currency of all amounts.")
                self.add_error("currency", sentence)
        return ""


def initial_values(mapping: ColumnMapping | None, *, titles: Sequence[str], shop: Shop) -> dict[str, Any]:
    """Initial values: the mapping chosen before, else guesses from the titles."""
    mapping = mapping or ColumnMapping(guess_columns(titles), currency=shop.currency, zone=shop.time_zone)
    names_by_title = {title: name for name in mapping.columns for title in mapping.titles(name)}
    columns = {
        f"column-{place}": names_by_title.pop(title) for place, title in enumerate(titles) if title in names_by_title
    }
    days = next(name for name, first in DAY_FIRST.items() if first is mapping.day_first)
    return columns | {
        "currency": mapping.currency,
        "zone": mapping.zone,
        "mark": mapping.mark,
        "days": days,
        "tax": "yes" if mapping.prices_include_tax else "no",
        "shipping": mapping.shipping_per,
    }
