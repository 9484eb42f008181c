"""Middleware that retries deadlocked requests, and shows error pages for failures that no view handles itself."""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django_fsm import TransitionNotAllowed
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from config.web.third_party_access import access_of
from signoff.db.required import required
from signoff.pictures.storage import StorageFull, full_sentence, had_no_room
from signoff.web.client import referrer_of
from signoff.web.conflict import conflict

logger = logging.getLogger(__name__)

RETRYABLE = (DeadlockDetected, SerializationFailure)  # the other transaction goes on, so a retry can succeed
LOCK_CONFLICTS = (LockNotAvailable, *RETRYABLE)
HANDLED_ERRORS = (OperationalError, InterfaceError, TransitionNotAllowed, StorageFull)
CONNECTION_LOST = ("08", "57P", "53300")  # connection lost, server shuts down or starts, no connection left
TRIES = 3


class HealthCheckHosts:
    """Lets load balancers ask for the health checks by address: those two paths answer to any ``Host``.

    They show nothing and link nowhere, so a forged name does no harm there. Everywhere else ``ALLOWED_HOSTS`` decides.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.paths = {reverse("alive"), reverse("ready")}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in self.paths:
            request.META["HTTP_HOST"] = urlsplit(settings.SITE_URL).netloc
            request.META.pop("HTTP_X_FORWARDED_HOST", None)
        return self.get_response(request)


class ReadersChoices:
    """Pages of the desk in the language and the time zone of the profile of who reads them.

    A language chosen in the menu (a cookie) comes first. Pages of shoppers are left alone, so that they do not even
    ask who is signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            chosen = getattr(request.user, "profile", None) if request.path.startswith("/desk/") else None
        except (OperationalError, InterfaceError) as lost:
            if (page := error_page(request, lost)) is None:  # not in a view, so ErrorPages is not asked
                raise
            return page
        if not chosen:
            return self.get_response(request)
        if chosen["language"] and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(chosen["language"])
            request.LANGUAGE_CODE = translation.get_language()
        zone = ZoneInfo(chosen["time_zone"] or settings.TIME_ZONE)
        with timezone.override(zone):
            return self.get_response(request)


class PersonalPages:
    """``Cache-Control: private, no-store`` on pages that are not the same for everybody.

    These are the pages behind access, and public ones whose URL has a parameter, such as a link that opens something.
    A view that sets the header itself keeps it: pictures are revalidated at every request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and _is_personal(request):
            response["Cache-Control"] = "private, no-store"
        return response


def _is_personal(request: HttpRequest) -> bool:
    """Whether the page depends on who opens it; a page that declares no access counts as one that does."""
    if (match := request.resolver_match) is None:
        return False
    access = access_of(match.func, match.route)
    return access is None or access.kind != "public" or bool(match.args or match.kwargs)


class ErrorPages:
    """Error pages for failures that can happen in any view.

    These are a zero byte in the URL, rows locked by somebody else, a case that has meanwhile changed its state, a full
    disk, and a lost database connection.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        values = [request.path, *(value for _name, values in request.GET.lists() for value in values)]
        if any("\x00" in text for text in values):
            raise BadRequest("zero byte")  # PostgreSQL cannot store it, so no row can match
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Sequence[str], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer 507 when files had no room, and 404 or 400 in the admin when a key is not a number.

        Django's admin and history views would fail at such a key.
        """
        if had_no_room(request):
            return error_page(request, StorageFull(full_sentence()))
        if required(request.resolver_match).app_name != "admin" or not request.user.is_staff:
            return None
        if not all(map(_is_key, [*args, kwargs.get("object_id", "1")])):
            raise Http404
        if request.method == "POST" and not all(map(_is_key, request.POST.getlist("_selected_action"))):
            raise BadRequest("no key of a row")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Retry a POST that lost a deadlock or a serialization conflict; else show the error page.

        A retry is safe: the action was rolled back, and the version in its form still shows whether the case has
        changed. A request with files is not retried, because they have been read.
        """
        for _again in range(TRIES - 1):
            if not (isinstance(error.__cause__, RETRYABLE) and request.method == "POST" and not request.FILES):
                break
            try:
                return run_view_again(request)
            except HANDLED_ERRORS as refusal:
                error = refusal
        return error_page(request, error)


def run_view_again(request: HttpRequest) -> HttpResponse:
    """Run the view of the request once more."""
    match = required(request.resolver_match)
    return match.func(request, *match.args, **match.kwargs)


def error_page(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The error page for ``error``; None for a bug, which Django handles."""
    if isinstance(error, TransitionNotAllowed):
        return conflict(request, str(error), back=referrer_of(request))
    if isinstance(error, OperationalError) and isinstance(error.__cause__, LOCK_CONFLICTS):
        logger.warning("%s gave way to somebody else: %s", _name(request), type(error.__cause__).__name__)
        return _busy_page(request)
    if isinstance(error, StorageFull):
        logger.error("%s has no room for files", _name(request))
        context = {"detail": str(error), "back": referrer_of(request), "typed_texts": _typed_texts(request)}
        return render(request, "507.html", context, status=HTTPStatus.INSUFFICIENT_STORAGE)
    if isinstance(error, (OperationalError, InterfaceError)) and _connection_is_lost(error):
        logger.error("%s has lost the database: %s", _name(request), error)
        # without the request: context processors would query the lost database
        page = render_to_string("503.html", {"typed_texts": _typed_texts(request)})
        return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "10"})
    return None


def _busy_page(request: HttpRequest) -> HttpResponse:
    """The page after a row stayed locked longer than ``lock_timeout``; it offers to send the same fields again."""
    context = {
        "back": referrer_of(request),
        "address": request.get_full_path(),
        "fields": [] if request.FILES else _posted_fields(request),
        "typed_texts": _typed_texts(request),
    }
    return render(request, "busy.html", context, status=HTTPStatus.CONFLICT)


def _posted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and value of every POST field; nothing of a form with a password."""
    if any("password" in name for name in request.POST):
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]


def _typed_texts(request: HttpRequest) -> list[str]:
    """Text fields, to be copied by hand; numbers and checkboxes are left out, they are quickly entered again."""
    return [value for _name, value in _posted_fields(request) if value.strip() and not value.isdecimal()]


def _connection_is_lost(error: Exception) -> bool:
    """Whether the connection is lost, and not just a statement has failed."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(CONNECTION_LOST)


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _is_key(text: object) -> bool:
    """Whether ``text`` can be a primary key."""
    return str(text).isdecimal() and len(str(text)) < 19
