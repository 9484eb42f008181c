"""``manage.py draw_lifecycle``: the picture of the case's life as a file for the documentation."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.template.loader import render_to_string
from django.utils import translation

from returns.lifecycle.diagram.drawing import draw

FILE = Path(settings.BASE_DIR) / "docs" / "lifecycle.svg"


def as_file() -> str:
    """The picture in English, in colours of its own, without numbers."""
    with translation.override("en"):
        picture = draw({})
        return render_to_string("returns/desk/lifecycle_file.svg", {"picture": picture, "half": picture.box_width // 2})


class Command(BaseCommand):
    help = "Write docs/lifecycle.svg from the transitions of the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=FILE)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        file.write_text(as_file(), encoding="utf-8")
        self.stdout.write(f"{file} written.")
