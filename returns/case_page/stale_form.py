"""The page for whoever acted on an older version of a case."""

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from returns.logbook.timeline import Audience, Told, told
from returns.models import Case
from signoff.web.conflict import conflict
from signoff.web.form_handling import RefusalHandler


def conflict_page(
    request: HttpRequest, case: Case, why: str, *forms: BaseForm, audience: Audience = "desk"
) -> HttpResponse:
    """Refuse because of ``why``; what has happened since the first of ``forms`` was drawn is told to ``audience``."""
    back = reverse("returns:status", args=[case.number]) if audience == "shopper" else case.get_absolute_url()
    return conflict(request, why, back=back, forms=forms, changed=changes_since(case, forms[0], audience=audience))


def show_changes(request: HttpRequest, case: Case, *forms: BaseForm, audience: Audience = "desk") -> RefusalHandler:
    """Answers a refusal of ``handle_form`` with ``conflict_page``."""
    return lambda refusal: conflict_page(request, case, str(refusal), *forms, audience=audience)


def changes_since(case: Case, form: BaseForm, *, audience: Audience = "desk") -> list[Told]:
    """What has happened since the version ``seen`` that the form was drawn from; read it before it is redrawn."""
    seen = str(form["seen"].value())
    return told(case, audience=audience, after=int(seen)) if seen.isdecimal() and len(seen) < 10 else []
