"""Context processor of the demo: how far it has been filled; None outside a demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config.demo import filling


def demo_filling(request: HttpRequest) -> dict[str, Any]:
    return {"demo_filling": filling.progress() if settings.DEMO else None}
