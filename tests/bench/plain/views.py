"""Nine writes: each asks the session who calls and whether they may, checks the JSON by a form, saves the row."""

import json
import secrets
from collections.abc import Callable

from django import forms
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tests.bench.plain.models import Return

type View = Callable[..., JsonResponse]


class SubmitForm(forms.ModelForm):
    class Meta:
        model = Return
        fields = ("order", "article", "quantity", "words")


@csrf_exempt
@require_POST
@login_required
@permission_required("plain.add_return", raise_exception=True)
def submit(request: HttpRequest) -> JsonResponse:
    form = SubmitForm(json.loads(request.body))
    if not form.is_valid():
        return JsonResponse(form.errors, status=422)
    form.instance.number = f"R-{secrets.token_hex(6)}"
    return JsonResponse(as_json(form.save()), status=201)


def step(source: str, target: str, fields: tuple[str, ...], person: str = "") -> View:
    """A view that takes a return from one status to the next and keeps what was sent with it."""
    form_class = forms.modelform_factory(Return, fields=fields)

    @csrf_exempt
    @require_POST
    @login_required
    @permission_required("plain.change_return", raise_exception=True)
    def view(request: HttpRequest, number: str) -> JsonResponse:
        found = get_object_or_404(Return, number=number)
        if found.status != source:
            return JsonResponse({"detail": f"It is {found.status}."}, status=409)
        form = form_class(json.loads(request.body), instance=found)
        if not form.is_valid():
            return JsonResponse(form.errors, status=422)
        found.status = target
        if person:
            setattr(found, person, request.user)
        return JsonResponse(as_json(form.save()))

    return view


def as_json(found: Return) -> dict[str, object]:
    """The row as the caller reads it."""
    return {
        "number": found.number,
        "order": found.order,
        "article": found.article,
        "quantity": found.quantity,
        "status": found.status,
        "amount": found.amount,
        "tracking_number": found.tracking_number,
        "received": found.received,
        "verdict": found.verdict,
        "reference": found.reference,
        "changed_at": found.changed_at,
    }
