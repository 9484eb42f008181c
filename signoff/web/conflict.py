"""The 409 page: what others changed meanwhile, and what the user typed."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from django.forms import BaseForm, BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def conflict(
    request: HttpRequest, why: str, *, back: str, forms: Iterable[BaseForm] = (), changed: Sequence[Any] = ()
) -> HttpResponse:
    """Respond 409 with the sentence ``why``, the timeline entries ``changed`` and the values typed in ``forms``.

    ``back`` is the URL of the current version.
    """
    context = {"detail": why, "back": back, "typed_values": _typed_values(forms), "changed": changed}
    return render(request, "409.html", context, status=HTTPStatus.CONFLICT)


def _typed_values(forms: Iterable[BaseForm]) -> list[dict[str, str]]:
    """Label and value of every visible field with a value, except files, which browsers do not send again."""
    fields = (field for form in forms for field in form.visible_fields() if not field.field.widget.needs_multipart_form)
    return [{"label": str(field.label), "value": value} for field in fields if (value := _display_value(field))]


def _display_value(field: BoundField) -> str:
    value = field.value()
    if isinstance(value, bool):
        return _("Yes") if value else ""
    chosen = dict(getattr(field.field, "choices", ())).get(value, value)
    return str(chosen or "").strip()
