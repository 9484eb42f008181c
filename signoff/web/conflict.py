"""The page for somebody who decided on what others have changed meanwhile. Nothing they typed is lost."""

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
    """Refuse (409) because of ``why``, a sentence; show what ``changed`` (a timeline) and what was typed in ``forms``.

    ``back`` is the address that shows how it stands now.
    """
    context = {"detail": why, "back": back, "kept": _typed(forms), "changed": changed}
    return render(request, "409.html", context, status=HTTPStatus.CONFLICT)


def _typed(forms: Iterable[BaseForm]) -> list[dict[str, str]]:
    """Label and value of every field that was filled in, but for files, which a browser does not hand over twice."""
    fields = (field for form in forms for field in form.visible_fields() if not field.field.widget.needs_multipart_form)
    return [{"label": str(field.label), "value": value} for field in fields if (value := _shown(field))]


def _shown(field: BoundField) -> str:
    value = field.value()
    if isinstance(value, bool):
        return _("Yes") if value else ""
    chosen = dict(getattr(field.field, "choices", ())).get(value, value)
    return str(chosen or "").strip()
