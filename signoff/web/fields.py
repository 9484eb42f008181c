"""Fields of a form that is being built, with their types."""

from django.forms import BaseForm, ChoiceField


def choice_field(form: BaseForm, name: str) -> ChoiceField:
    """The field ``name``, whose choices are about to be set. Raises ``TypeError`` where it offers none."""
    field = form.fields[name]
    if not isinstance(field, ChoiceField):
        raise TypeError(f"{name} is not a field with choices")
    return field
