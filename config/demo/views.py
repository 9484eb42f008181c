"""Style guide with every component on the desk and the portal, and the progress of loading."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.demo import progress, samples
from signoff.web.access import public


@public
@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Components of the desk."""
    return render(request, "demo/look.html", _context(request))


@public
@require_safe
def style_guide_portal(request: HttpRequest) -> HttpResponse:
    """Components of the portal."""
    return render(request, "demo/look_portal.html", _context(request))


@public
@require_safe
@never_cache
def load_progress(request: HttpRequest) -> HttpResponse:
    """Fragment of the ribbon with the progress of loading; empty when the demo is complete, so that it disappears."""
    filling = progress.current_progress()
    return render(request, "components/demo_filling.html", {"filling": filling}) if filling else HttpResponse()


def _context(request: HttpRequest) -> dict[str, Any]:
    refused = samples.SampleForm({"grade": "b", "email": "nobody"}, prefix="refused")
    return {
        **samples.all_samples(),
        "form": samples.SampleForm(),
        "refused": refused,
        "sidebar": render_to_string("desk/_navigation.html", {"navigation": samples.sidebar()}),
    }
