"""The page for whoever acted on an older version of a case."""

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from returns.models import Case
from returns.timeline import Audience, told
from signoff.conflict import conflict


def too_late(request: HttpRequest, case: Case, why: str, *forms: BaseForm, audience: Audience = "desk") -> HttpResponse:
    """Refuse because of ``why``; what has happened since ``seen`` of the first of ``forms`` is told to ``audience``."""
    seen = _number(forms[0]["seen"].value(), otherwise=case.seq)
    back = reverse("returns:status", args=[case.number]) if audience == "shopper" else case.get_absolute_url()
    return conflict(request, why, back=back, forms=forms, changed=told(case, audience=audience, after=seen))


def _number(sent: object, *, otherwise: int) -> int:
    """What was sent, where it is the number of a version at all."""
    text = str(sent)
    return int(text) if text.isdecimal() and len(text) < 10 else otherwise
