"""One's own profile: language, zone, absence, notifications, sessions."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_POST

from signoff.staff.actions import change_profile, end_other_sessions, end_session
from signoff.staff.forms import ProfileForm
from signoff.staff.queries import profile_of, sessions_of
from signoff.web.access import signed_in
from signoff.web.requests import StaffRequest

YEAR = 365 * 24 * 3600


@signed_in
def profile(request: StaffRequest) -> HttpResponse:
    """Show and change the choices of the person who is signed in."""
    form = ProfileForm(request.POST or None, instance=profile_of(request.user))
    if request.method != "POST" or not form.is_valid():
        sessions = sessions_of(request.user, current=request.session.session_key or "")
        return render(request, "signoff/desk/profile.html", {"form": form, "sessions": sessions})
    saved = change_profile(request.user, **form.choices())
    with override(saved.language or None):
        messages.success(request, _("Profile saved."))
    response = redirect("signoff:profile")
    if saved.language:  # in place of an earlier choice in the menu, and for pages before sign-in
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            saved.language,
            max_age=YEAR,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response


@signed_in
@require_POST
def end_one_session(request: StaffRequest, token: UUID) -> HttpResponse:
    """Sign one of one's own sessions out."""
    if end_session(request.user, token=str(token)):
        messages.success(request, _("Session ended. That browser is signed out."))
    else:
        messages.info(request, _("That session had already ended."))
    return redirect("signoff:profile")


@signed_in
@require_POST
def end_others(request: StaffRequest) -> HttpResponse:
    """Sign all of one's own sessions out but this one."""
    count = end_other_sessions(request.user, key=request.session.session_key or "")
    words = ngettext("%(count)d other session ended.", "%(count)d other sessions ended.", count) % {"count": count}
    messages.success(request, words)
    return redirect("signoff:profile")
