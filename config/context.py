"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from config.navigation import navigation
from config.views import chosen_theme


def house(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demo, where the desk begins, the languages to offer, the theme chosen, the sidebar.

    The sidebar is worked out only where it is drawn.
    """
    return {
        "HOME": settings.LOGIN_REDIRECT_URL,
        "DEMO": settings.DEMO,
        "LANGUAGES": settings.LANGUAGES,
        "theme": chosen_theme(request),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }
