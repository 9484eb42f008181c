"""Goods that go out: what is to be sent, and what was."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods
from django_fsm import TransitionNotAllowed

from refunds.models import Replacement
from refunds.settlement.forms import SendForm
from refunds.settlement.queries import replacements_with_cases
from refunds.settlement.replacements import send_replacement
from signoff.db.counts import count, shown
from signoff.web.access import staff
from signoff.web.conflict import conflict
from signoff.web.keyset import page_by_key
from signoff.web.requests import StaffRequest

SEND = "refunds.send_replacement"


@staff(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def replacement_list(request: StaffRequest) -> HttpResponse:
    """What is to be sent, the longest waiting first, each with its form; or what was sent, newest first."""
    form = SendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _send(request, form)
    sent = request.GET.get("tab") == "sent"
    context: dict[str, Any] = {"tabs": _tabs(sent=sent), "sent": sent}
    rows = replacements_with_cases()
    if sent:
        found = Replacement.objects.filter(sent_at__isnull=False)
        page = page_by_key(found, key="-sent_at", query=request.GET, load=rows)
    else:
        since, owed = {"owed_since": F("case__status_since")}, Replacement.objects.filter(sent_at=None)
        page = page_by_key(owed.annotate(**since), key="owed_since", query=request.GET, load=rows.annotate(**since))
        context["rows"] = _with_forms(page.rows, form)
    return render(request, "refunds/desk/replacement_list.html", {"page": page, **context})


def _with_forms(replacements: list[Replacement], typed: SendForm) -> list[tuple[Replacement, SendForm]]:
    """Each with a form; the one that was refused keeps what was typed."""
    rows = []
    for replacement in replacements:
        mine = typed.is_bound and typed["replacement"].value() == str(replacement.pk)
        form = SendForm(
            typed.data if mine else None, initial={"replacement": replacement.pk}, auto_id=f"send-{replacement.pk}-%s"
        )
        rows.append((replacement, form))
    return rows


def _send(request: StaffRequest, form: SendForm) -> HttpResponse:
    replacement = get_object_or_404(Replacement, pk=form.cleaned_data.pop("replacement"))
    try:
        send_replacement(replacement, by=request.user, **form.cleaned_data)
    except TransitionNotAllowed as refusal:
        return conflict(request, str(refusal), back=replacement.case.get_absolute_url(), forms=[form])
    number = replacement.case.number
    messages.success(request, _("Sent. The shopper of case %(number)s can now track the parcel.") % {"number": number})
    return redirect("refunds:replacement-list")


def _tabs(*, sent: bool) -> list[dict[str, object]]:
    waiting = count(Replacement.objects.filter(sent_at=None))
    return [
        {"label": _("To ship"), "url": "?", "count": shown(waiting), "active": not sent},
        {"label": pgettext("replacements", "Sent"), "url": "?tab=sent", "count": None, "active": sent},
    ]
