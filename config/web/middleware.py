"""Middleware: error pages for refusals that no view handles itself."""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django_fsm import TransitionNotAllowed
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from signoff.db.required import required
from signoff.web.conflict import conflict

logger = logging.getLogger(__name__)

GAVE_WAY = (DeadlockDetected, SerializationFailure)  # the one it gave way to goes on: trying again is worth it
SOMEBODY_ELSE_IS_AT_IT = (LockNotAvailable, *GAVE_WAY)
REFUSED = (OperationalError, InterfaceError, TransitionNotAllowed)
GONE = ("08", "57P", "53300")  # connection lost, server shuts down or starts, no connection left
TRIES = 3


class Refusals:
    """Pages for what may happen to any action: a zero byte in an address, rows that somebody else holds or was
    faster with, a database that is gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        values = [request.path, *(value for _name, values in request.GET.lists() for value in values)]
        if any("\x00" in text for text in values):
            raise BadRequest("zero byte")  # PostgreSQL keeps no such text, so nothing here is called so
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: Sequence[str], kwargs: dict[str, Any]) -> None:
        """Django's admin and its histories believe that the keys of rows are numbers, and break where they are not."""
        if required(request.resolver_match).app_name != "admin" or not request.user.is_staff:
            return
        if not all(map(_is_key, [*args, kwargs.get("object_id", "1")])):
            raise Http404
        if request.method == "POST" and not all(map(_is_key, request.POST.getlist("_selected_action"))):
            raise BadRequest("no key of a row")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Try what gave way to somebody else again; else the page that says what to do.

        Nothing of an action that was rolled back was kept, and its form says which version it was drawn from. A request
        with files is not tried again: they have been read.
        """
        for _again in range(TRIES - 1):
            if not (isinstance(error.__cause__, GAVE_WAY) and request.method == "POST" and not request.FILES):
                break
            try:
                return do_again(request)
            except REFUSED as refusal:
                error = refusal
        return page_for(request, error)


def do_again(request: HttpRequest) -> HttpResponse:
    """Run the view of the request once more."""
    match = required(request.resolver_match)
    return match.func(request, *match.args, **match.kwargs)


def page_for(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """What is answered to ``error``; None where it is a fault of ours."""
    if isinstance(error, TransitionNotAllowed):
        return conflict(request, str(error), back=_came_from(request))
    if isinstance(error, OperationalError) and isinstance(error.__cause__, SOMEBODY_ELSE_IS_AT_IT):
        logger.warning("%s gave way to somebody else: %s", _name(request), type(error.__cause__).__name__)
        return _busy(request)
    if isinstance(error, (OperationalError, InterfaceError)) and _is_gone(error):
        logger.error("%s has lost the database: %s", _name(request), error)
        page = render_to_string("503.html", {"kept": _words(request)})  # no request: the database knows its user
        return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "10"})
    return None


def _busy(request: HttpRequest) -> HttpResponse:
    """The page for who waited longer than ``lock_timeout``: it holds what was sent, to be sent again."""
    context = {
        "back": _came_from(request),
        "address": request.get_full_path(),
        "again": [] if request.FILES else _sent(request),
        "kept": _words(request),
    }
    return render(request, "busy.html", context, status=HTTPStatus.CONFLICT)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and value of every field; none at all of a form with a password."""
    if any("password" in name for name in request.POST):
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]


def _words(request: HttpRequest) -> list[str]:
    """What was typed, to be copied: numbers and boxes are quickly given again."""
    return [value for _name, value in _sent(request) if value.strip() and not value.isdecimal()]


def _is_gone(error: Exception) -> bool:
    """Whether there is no connection any more, and not just a statement that failed."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(GONE)


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _came_from(request: HttpRequest) -> str:
    """The page of ours that the request was made on, if the browser tells."""
    referrer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return referrer if ours else ""


def _is_key(text: object) -> bool:
    """Whether a row of ours can have this key."""
    return str(text).isdecimal() and len(str(text)) < 19
