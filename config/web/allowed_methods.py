"""The methods that pages take: they are read and sent in. What else HTTP knows, only the API answers, for itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

TAKEN = ("GET", "HEAD", "POST")
API = "/api/"


class PageMethods:
    """Everything else is refused before anybody asks who is there: a page would take PUT or TRACE for a GET."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in TAKEN and not request.path.startswith(API):
            return HttpResponseNotAllowed(TAKEN)
        return self.get_response(request)
