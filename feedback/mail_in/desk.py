"""The desk's list of e-mails that belong to no conversation."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from feedback.mail_in.actions import mark_handled
from feedback.models import InboundMail
from returns.permissions import REVIEW
from signoff.web.access import staff
from signoff.web.form_handling import run_action
from signoff.web.keyset import page_by_key
from signoff.web.lists import render_list
from signoff.web.requests import StaffRequest


@staff(REVIEW)
@require_safe
def mail_list(request: StaffRequest) -> HttpResponse:
    """E-mails that a person must see to, the newest first."""
    page = page_by_key(InboundMail.objects.for_a_person().defer("raw"), key="-received_at", query=request.GET)
    return render_list(request, "feedback/desk/mails.html", {"page": page, "mails": page.rows})


@staff(REVIEW)
@require_POST
def mail_handled(request: StaffRequest, name: str) -> HttpResponse:
    """Take an e-mail off the list. ``name`` is its digest, which is no secret."""
    mail = get_object_or_404(InboundMail, digest=name)
    return run_action(
        request,
        lambda: mark_handled(mail, by=request.user),
        done=_("The e-mail is marked as handled."),
        next_page=reverse("feedback:mail-list"),
        refusals={},
    )
