"""HTTP responses with stored pictures. The view checks on every request who may see them."""

from typing import Literal

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from signoff.db.required import required
from signoff.pictures.models import Picture

SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Cached by the browser but revalidated each time, so that revoked access ends with the next request.
    "Cache-Control": "private, no-cache",
}


type Size = Literal["full", "thumbnail"]


def size_of(word: str) -> Size:
    """The size named in a URL. Raises ``Http404`` for any other word."""
    if word == "full":
        return "full"
    if word == "thumbnail":
        return "thumbnail"
    raise Http404


def picture_response(picture: Picture, *, size: Size, request: HttpRequest | None = None) -> HttpResponseBase:
    """The stored JPEG, inline under a neutral name. Raises ``Http404`` if it is erased or lost.

    With ``request``, a browser that has it already gets 304. Works with any storage.
    """
    stored = picture.thumbnail if size == "thumbnail" else picture.file
    if not stored:
        raise Http404
    etag = quote_etag(f"{picture.token.hex}-{size}")
    return _sealed(_not_modified(request, etag) or _opened(stored), etag)


def _not_modified(request: HttpRequest | None, etag: str) -> HttpResponse | None:
    """304 when the browser has it (412 when it insists on another), else None."""
    return get_conditional_response(request, etag) if request else None


def _opened(stored: FieldFile) -> FileResponse:
    try:
        file = stored.storage.open(required(stored.name))
    except FileNotFoundError as lost:
        raise Http404 from lost
    return FileResponse(file, filename="picture.jpg", content_type="image/jpeg")


def _sealed[R: HttpResponseBase](response: R, etag: str) -> R:
    for header, value in (SEALED | {"ETag": etag}).items():
        response.headers[header] = value
    return response
