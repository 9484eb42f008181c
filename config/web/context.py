"""Context processor for every template."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from config.web.navigation import navigation
from config.web.views import chosen_theme


def project_context(request: HttpRequest) -> dict[str, Any]:
    """Settings that templates need, the chosen theme, and the desk's sidebar.

    The sidebar is rendered only when a template uses it, and once, though a page shows it at the side and in the menu.
    """
    return {
        "HOME": settings.LOGIN_REDIRECT_URL,
        "DEMO": settings.DEMO,
        "LANGUAGES": settings.LANGUAGES,
        "theme": chosen_theme(request),
        "sidebar": SimpleLazyObject(lambda: _sidebar(request)),
    }


def _sidebar(request: HttpRequest) -> SafeString:
    return render_to_string("desk/_navigation.html", {"navigation": navigation(request)})
