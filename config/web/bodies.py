"""Middleware that refuses bodies by their length, before anything reads them."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from signoff.lookup.session import has_entry
from signoff.web.client import referrer_of
from signoff.web.uploads import body_limit_of

MEGABYTE = 1024**2


class BoundedBodies:
    """Answers 413 to a body longer than its address takes, and 411 to one of unknown length.

    An address takes ``settings.BODY_MAX`` unless its view declares more (``signoff.web.uploads``); strangers never send
    more than that, except where the address is the key. The rest of a refused body is left to the server, which drops
    it or the connection.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Sequence[str], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Before the check of forms against other sites, which reads the body."""
        limit = body_limit_of(view, default=settings.BODY_MAX)
        if limit is None:  # it refuses by itself
            return None
        if "Transfer-Encoding" in request.headers:
            return _length_required(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        length = int(length) if length.isascii() and length.isdecimal() else limit + 1
        if length > settings.BODY_MAX and not _is_known(request, view):
            limit = settings.BODY_MAX
        if length <= limit:
            return None
        return _too_large(request, limit)


def _is_known(request: HttpRequest, view: Any) -> bool:
    """Whether the request comes from somebody whom the view would let in; a view for all asks for a key itself."""
    match getattr(view, "access", None):
        case None:
            return False
        case access if access.kind == "shopper":
            return has_entry(request)
        case access if access.kind == "public":
            return True
    return bool(request.user.is_authenticated)


def _length_required(request: HttpRequest) -> HttpResponse:
    context = {"title": _("The length is missing"), "detail": _("Your program did not say how long the form is.")}
    return _page(request, context, HTTPStatus.LENGTH_REQUIRED)


def _too_large(request: HttpRequest, limit: int) -> HttpResponse:
    detail = _("What was sent is larger than %(limit)s MB, so it was not accepted and nothing was stored.")
    hint = _(
        "Go back and send less at once, for example fewer or smaller photos. "
        "What you typed is still in the form if you use your browser's back button."
    )
    context = {
        "title": _("This is too large"),
        "detail": detail % {"limit": number_format(limit // MEGABYTE)},
        "hint": hint,
    }
    return _page(request, context, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _page(request: HttpRequest, context: dict[str, str], status: HTTPStatus) -> HttpResponse:
    """The page with the sentence. htmx would put it where the form's answer belongs; it is a page of its own."""
    back = referrer_of(request) or reverse("signoff:find")
    response = render(request, "413.html", context | {"back": back, "status": int(status)}, status=status)
    response.headers["HX-Retarget"] = "body"
    return response
