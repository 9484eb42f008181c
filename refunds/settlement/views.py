"""List of replacements: to be sent, and sent."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods
from django_fsm import TransitionNotAllowed

from refunds.models import Replacement
from refunds.settlement.forms import SendForm
from refunds.settlement.listing import SHIPMENTS, shows_sent
from refunds.settlement.replacements import send_replacement
from signoff.web.access import staff
from signoff.web.form_handling import run_action, show_conflict
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
    show_sent, page = shows_sent(request.GET), SHIPMENTS.find(request.user, request.GET).page()
    context: dict[str, Any] = {"tabs": _tabs(show_sent=show_sent), "sent": show_sent, "desk_list": SHIPMENTS}
    if not show_sent:
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
