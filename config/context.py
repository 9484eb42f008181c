"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demo, and the languages to offer."""
    return {"DEMO": settings.DEMO, "LANGUAGES": settings.LANGUAGES}
