"""Middleware that compresses pages; static files are compressed already. See docs/decisions/0022."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT_TYPES = ("text/", "application/json", "image/svg+xml")


class CompressedPages(GZipMiddleware):
    """Django's gzip, which pads against BREACH, for text responses that are not streamed, and for nothing else."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(TEXT_TYPES):
            return response
        return super().process_response(request, response)
