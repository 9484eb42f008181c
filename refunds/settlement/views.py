"""List of replacements: to be sent, and sent."""

from functools import partial
from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods
from django_fsm import TransitionNotAllowed

from refunds.models import Replacement
from refunds.settlement.forms import SendForm
from refunds.settlement.queries import replacements_with_cases
from refunds.settlement.replacements import send_replacement
from signoff.web.access import staff
from signoff.web.form_handling import run_action, show_conflict
from signoff.web.keyset import page_by_key
from signoff.web.lists import Tab, count_to_limit, tabs_of
from signoff.web.requests import StaffRequest

SEND = "refunds.send_replacement"


@staff(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def replacement_list(request: StaffRequest) -> HttpResponse:
    """Replacements to send, the longest waiting first, each with its form; or those sent, newest first."""
    form = SendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _send(request, form)
    show_sent = request.GET.get("tab") == "sent"
    context: dict[str, Any] = {"tabs": _tabs(show_sent=show_sent), "sent": show_sent}
    rows = replacements_with_cases()
    if show_sent:
        replacements = Replacement.objects.filter(sent_at__isnull=False)
        page = page_by_key(replacements, key="-sent_at", query=request.GET, load=rows)
    else:
        with_since, unsent = {"owed_since": F("case__status_since")}, Replacement.objects.owed()
        page = page_by_key(
            unsent.annotate(**with_since), key="owed_since", query=request.GET, load=rows.annotate(**with_since)
        )
        context["rows"] = _with_forms(page.rows, form)
    return render(request, "refunds/desk/replacement_list.html", {"page": page, **context})


def _with_forms(replacements: list[Replacement], typed: SendForm) -> list[tuple[Replacement, SendForm]]:
    """Each replacement with its form; the submitted one stays bound."""
    rows = []
    for replacement in replacements:
        is_submitted = typed.is_bound and typed["replacement"].value() == str(replacement.pk)
        form = SendForm(
            typed.data if is_submitted else None,
            initial={"replacement": replacement.pk},
            auto_id=f"send-{replacement.pk}-%s",
        )
        rows.append((replacement, form))
    return rows


def _send(request: StaffRequest, form: SendForm) -> HttpResponse:
    replacement = get_object_or_404(Replacement, pk=form.cleaned_data.pop("replacement"))
    number = replacement.case.number
    return run_action(
        request,
        partial(send_replacement, replacement, by=request.user, **form.cleaned_data),
        done=_("Sent. The shopper of case %(number)s can now track the parcel.") % {"number": number},
        next_page=reverse("refunds:replacement-list"),
        refusals={TransitionNotAllowed: show_conflict(request, back=replacement.case.get_absolute_url(), forms=[form])},
    )


def _tabs(*, show_sent: bool) -> list[Tab]:
    return tabs_of(
        {"": _("To ship"), "sent": pgettext("replacements", "Sent")},
        active="sent" if show_sent else "",
        url=lambda name: f"?tab={name}" if name else "?",
        counts=count_to_limit({"": Replacement.objects.owed()}),
    )
