"""Middleware that compresses pages; static files are compressed already. See docs/decisions/0022."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORDS = ("text/", "application/json", "image/svg+xml")


class CompressedPages(GZipMiddleware):
    """Django's gzip with its random padding against BREACH, for whole answers that are words, and for nothing else."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(WORDS):
            return response
        return super().process_response(request, response)
