"""The bell, the page of all notifications, and marking them as read."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from feedback.models import Notification
from feedback.notifications.actions import mark_all_read, mark_read
from feedback.notifications.text import ICONS, sentence
from returns.permissions import REVIEW, may_see_cases
from signoff.web.access import signed_in
from signoff.web.keyset import page_by_key
from signoff.web.lists import choice_of, render_list, tabs_of
from signoff.web.requests import StaffRequest

SHOWN = {"": gettext_lazy("Unread"), "all": gettext_lazy("All")}


@signed_in
@require_safe
def notification_list(request: StaffRequest) -> HttpResponse:
    """One's own notifications, the newest first."""
    show = choice_of(request.GET, "show", SHOWN)
    rows = Notification.objects.of_user(request.user.pk)
    page = page_by_key(rows if show else rows.unread(), key="-made_at", query=request.GET)
    context = {
        "page": page,
        "rows": [
            {"row": row, "sentence": sentence(row), "icon": ICONS[Notification.Kind(row.kind)]} for row in page.rows
        ],
        "tabs": tabs_of(SHOWN, active=show, url=_address),
        "show": show,
    }
    return render_list(request, "feedback/desk/notifications.html", context)


@signed_in
@require_safe
def bell(request: StaffRequest) -> HttpResponse:
    """The bell with the number of unread notifications, which every page of the desk asks for again each minute."""
    return render(request, "feedback/desk/_bell.html")


@signed_in
@require_POST
def open_notification(request: StaffRequest, token: UUID) -> HttpResponse:
    """Mark a notification as read, and go to its case or inquiry."""
    row = get_object_or_404(Notification.objects.of_user(request.user.pk), token=token)
    mark_read(request.user, token=str(token))
    may_open = request.user.has_perm(REVIEW) if row.thread else may_see_cases(request.user)
    return redirect(row.about if row.about and may_open else "feedback:notification-list")


@signed_in
@require_POST
def read_all(request: StaffRequest) -> HttpResponse:
    """Mark everything as read."""
    count = mark_all_read(request.user)
    messages.success(
        request,
        ngettext("%(count)d notification marked as read.", "%(count)d notifications marked as read.", count)
        % {"count": count},
    )
    return redirect("feedback:notification-list")


def _address(show: str) -> str:
    return reverse("feedback:notification-list", query={"show": show} if show else None)
