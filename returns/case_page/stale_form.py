"""Conflict page (409): the form was rendered from an older version of the case."""

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from returns.logbook.timeline import Audience, TimelineEntry, timeline_of
from returns.models import Case
from signoff.web.conflict import conflict
from signoff.web.form_handling import RefusalHandler


def conflict_page(
    request: HttpRequest, case: Case, why: str, *forms: BaseForm, audience: Audience = "desk"
) -> HttpResponse:
    """Show ``why`` it was refused, and what has happened since the first of ``forms`` was rendered."""
    back = reverse("returns:status", args=[case.number]) if audience == "shopper" else case.get_absolute_url()
    return conflict(request, why, back=back, forms=forms, changed=changes_since(case, forms[0], audience=audience))


def show_changes(request: HttpRequest, case: Case, *forms: BaseForm, audience: Audience = "desk") -> RefusalHandler:
    """Answers a refusal of ``handle_form`` with ``conflict_page``."""
    return lambda refusal: conflict_page(request, case, str(refusal), *forms, audience=audience)


def changes_since(case: Case, form: BaseForm, *, audience: Audience = "desk") -> list[TimelineEntry]:
    """Timeline entries after the version ``seen`` of the form; call it before ``redraw``, which replaces ``seen``."""
    seen = str(form["seen"].value())
    return timeline_of(case, audience=audience, after=int(seen)) if seen.isdecimal() and len(seen) < 10 else []
