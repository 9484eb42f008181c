"""Typed access to form fields, and the field of a moment in a shop's time zone."""

from datetime import datetime
from typing import Any

from django.forms import BaseForm, ChoiceField, DateTimeField
from django.utils import timezone

from signoff.web.formatting import zone_name


def choice_field(form: BaseForm, name: str) -> ChoiceField:
    """The choice field ``name`` of a form. Raises ``TypeError`` for a field without choices."""
    field = form.fields[name]
    if not isinstance(field, ChoiceField):
        raise TypeError(f"{name} is not a field with choices")
    return field


class ZonedDateTimeField(DateTimeField):
    """A moment that is shown and read in one zone, wherever the server is; its help text names the zone."""

    zone = ""

    def use_zone(self, zone: str) -> None:
        """Show and read the moment in ``zone``, a name such as Asia/Shanghai."""
        self.zone, self.help_text = zone, zone_name(timezone.now(), zone)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone or None):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone or None):
            return super().to_python(value)
