"""Middleware that allows GET, HEAD and POST on pages; the API decides on methods by itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

ALLOWED = ("GET", "HEAD", "POST")
API = "/api/"


class PageMethods:
    """Answers 405 to other methods, before sign-in is checked: a view would treat PUT or TRACE as a GET."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ALLOWED and not request.path.startswith(API):
            return HttpResponseNotAllowed(ALLOWED)
        return self.get_response(request)
