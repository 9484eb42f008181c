"""Typed access to form fields."""

from django.forms import BaseForm, ChoiceField


def choice_field(form: BaseForm, name: str) -> ChoiceField:
    """The choice field ``name`` of a form. Raises ``TypeError`` for a field without choices."""
    field = form.fields[name]
    if not isinstance(field, ChoiceField):
        raise TypeError(f"{name} is not a field with choices")
    return field
