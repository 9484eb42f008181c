"""Context processor with the progress of loading the demo; None outside the demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config.demo import progress


def demo_filling(request: HttpRequest) -> dict[str, Any]:
    return {"demo_filling": progress.current_progress() if settings.DEMO else None}
