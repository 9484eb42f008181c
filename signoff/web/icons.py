"""Icons, avatar hues and sparklines as SVG values."""

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import lucide
from django.utils.safestring import SafeString, mark_safe

HUES = 6


@lru_cache(maxsize=512)
def icon_svg(name: str, size: int, css: str) -> SafeString:
    """A Lucide icon as inline SVG in the text's colour, hidden from screen readers.

    Raises ``lucide.IconDoesNotExist``.
    """
    classes = f"icon {css}".strip()
    svg = lucide._render_icon(
        name, size, **{"class": classes, "aria_hidden": "true", "focusable": "false", "stroke_width": "1.75"}
    )
    return mark_safe(svg)


def hue(name: str) -> int:
    """A number from 1 to ``HUES``, always the same for a name."""
    return crc32(name.encode()) % HUES + 1


def sparkline(values: Sequence[float], *, width: int = 104, height: int = 34, pad: int = 2) -> str:
    """``points`` of an SVG polyline through ``values``; "" for fewer than two."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    spread = (high - low) or 1
    step = width / (len(values) - 1)
    room = height - 2 * pad
    return " ".join(
        f"{index * step:.1f},{pad + room - (value - low) / spread * room:.1f}" for index, value in enumerate(values)
    )
