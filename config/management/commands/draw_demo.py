"""``manage.py draw_demo``: write the pictures of the demo's articles to static/demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.demo.drawings import DRAWINGS, svg


class Command(BaseCommand):
    help = "Draw the pictures of the demo's articles."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "static" / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        for name in DRAWINGS:
            (folder / f"{name}.svg").write_text(svg(name), encoding="utf-8")
