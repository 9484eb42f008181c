"""The living style guide: every component of the look, in both frames."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.demo import filling, samples
from signoff.web.access import public


@public
@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """Everything the desk uses."""
    return render(request, "demo/look.html", _context(request))


@public
@require_safe
def look_portal(request: HttpRequest) -> HttpResponse:
    """Everything a shopper sees."""
    return render(request, "demo/look_portal.html", _context(request))


@public
@require_safe
@never_cache
def still_filling(request: HttpRequest) -> HttpResponse:
    """The sentence in the ribbon about how far the demo is filled; nothing once it is whole, so that it goes away."""
    found = filling.progress()
    return render(request, "components/demo_filling.html", {"filling": found}) if found else HttpResponse()


def _context(request: HttpRequest) -> dict[str, Any]:
    refused = samples.SampleForm({"grade": "b", "email": "nobody"}, prefix="refused")
    return {
        **samples.everything(),
        "form": samples.SampleForm(),
        "refused": refused,
        "sidebar": render_to_string("desk/_navigation.html", {"navigation": samples.sidebar()}),
    }
