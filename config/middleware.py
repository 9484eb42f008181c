"""Refusals that no view should have to think of."""

import logging
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

logger = logging.getLogger(__name__)

GAVE_WAY = (DeadlockDetected, SerializationFailure)  # the one it gave way to goes on: trying again is worth it
SOMEBODY_ELSE_IS_AT_IT = (LockNotAvailable, *GAVE_WAY)
TRIES = 3


class Refusals:
    """A zero byte in an address is a bad request, a deadlock another try, a row that somebody else holds a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = [request.path, *(value for _name, values in request.GET.lists() for value in values)]
        if any("\x00" in text for text in asked):
            raise BadRequest("zero byte")  # PostgreSQL keeps no such text, so nothing here is called so
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Try what gave way to somebody else again; else the page for who waited longer than ``lock_timeout``.

        Nothing of a deed that gave way was kept, and its form says which version it was drawn from. A request
        with files is not tried again: they have been read.
        """
        for _again in range(TRIES - 1):
            if not (isinstance(error.__cause__, GAVE_WAY) and request.method == "POST" and not request.FILES):
                break
            try:
                return request.resolver_match.func(
                    request, *request.resolver_match.args, **request.resolver_match.kwargs
                )
            except OperationalError as once_more:
                error = once_more
        if not (isinstance(error, OperationalError) and isinstance(error.__cause__, SOMEBODY_ELSE_IS_AT_IT)):
            return None
        page = request.resolver_match.view_name if request.resolver_match else ""
        logger.warning("%s gave way to somebody else: %s", page, type(error.__cause__).__name__)
        return render(request, "409.html", {"back": _came_from(request)}, status=409)


def _came_from(request: HttpRequest) -> str:
    """The page of ours that the request was made on, if the browser tells."""
    told = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure())
    return told if ours else ""
