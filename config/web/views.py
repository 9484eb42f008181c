"""Health checks and the choice of the theme."""

from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from config.web.navigation import going_keys
from signoff.web.access import public, signed_in

THEME_COOKIE = "theme"
THEMES = ("light", "dark")
#: what the page of keys lists besides the sidebar; each is declared once more on its button, by ``data-key``
KEYS = (
    ("?", _("Show the keys of this page")),
    ("/", _("Search")),
    ("Ctrl+K", _("Search")),
    ("J", _("Next row of a list")),
    ("K", _("Previous row of a list")),
    ("Enter", _("Open the row")),
    ("X", _("Choose the row")),
    ("Esc", _("Clear what is chosen")),
    ("N", _("Next case, or done and next")),
    ("T", _("Take the case")),
    ("A", _("Ask the shopper")),
    ("P", _("Propose a plan")),
    ("M", _("Write to the shopper")),
    ("R", _("Insert a saved reply by its key")),
    ("Ctrl ↵", _("Send what is being typed")),
    ("Ctrl ⇧ ↵", _("Send it and go on to the next case")),
    ("I", _("Write a note for colleagues")),
    ("E", _("Show the evidence large")),
    ("Y", _("Approve, with a confirmation")),
    ("1 – 9", _("Choose a verdict at the bench")),
    ("G B", _("Notifications")),
)


def chosen_theme(request: HttpRequest) -> str:
    """The theme "light" or "dark" from the cookie, or "" when the device decides."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""


@public
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Store the theme in a cookie, or delete the cookie for "auto", and go back to the page of the form."""
    response = HttpResponseRedirect(_next_url(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=timedelta(days=365),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@public
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Liveness: this process answers."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Readiness: the database answers this process, also over a connection that it kept. Load balancers check it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        connection.close()
        return HttpResponse("The database does not answer.", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@signed_in
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """All keys of the desk, for those whose browser runs no script or who look for one that is not on this page."""
    return render(request, "desk/keys.html", {"keys": [*KEYS, *going_keys(request.user)]})


def _next_url(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else "/"
