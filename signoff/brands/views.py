"""A shop's style sheet and logo, which every page of its shoppers loads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from signoff.brands.queries import css_of, css_version, logo_version
from signoff.db.required import required
from signoff.models import Shop
from signoff.pictures.serve import SEALED
from signoff.web.access import public

FOR_A_YEAR = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@public
@require_safe
def css(request: HttpRequest, shop: str) -> HttpResponse:
    """The custom properties of the shop's colours. Raises ``Http404`` for a shop without any."""
    found = get_object_or_404(Shop, slug=shop)
    if not (sheet := css_of(found)):
        raise Http404
    return _cached(HttpResponse(sheet, content_type="text/css; charset=utf-8"), request, css_version(found))


@public
@require_safe
def logo(request: HttpRequest, shop: str) -> HttpResponse:
    """The shop's logo. Raises ``Http404`` if it has none, or its file is lost."""
    found = get_object_or_404(Shop, slug=shop)
    if not found.logo:
        raise Http404
    try:
        with found.logo.storage.open(required(found.logo.name)) as file:
            content = file.read()
    except FileNotFoundError as lost:
        raise Http404 from lost
    return _cached(HttpResponse(content, content_type="image/png", headers=SEALED), request, logo_version(found))


def _cached(response: HttpResponse, request: HttpRequest, version: str) -> HttpResponse:
    """Cached for ever at the address of this very content; another address, of an older page, is asked for again."""
    response.headers["Cache-Control"] = FOR_A_YEAR if request.GET.get("v") == version else ASK_AGAIN
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
