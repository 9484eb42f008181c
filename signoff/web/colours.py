"""Colours of a shop's pages: contrast by WCAG 2.2, and a whole palette from one colour. Pure arithmetic.

A colour is a string ``#rrggbb``. A palette has the six colours of ``ROLES`` for a light and for a dark page; where each
of them meets another colour is listed once, in ``_pairs``, and is used to derive and to check.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import takewhile

LEAST = 4.5  #: contrast of text, WCAG 2.2 success criterion 1.4.3
COLOUR = re.compile(r"#[0-9a-f]{6}")
THEMES = ("light", "dark")
WHITE, BLACK = "#ffffff", "#000000"
STEPS = 100


@dataclass(frozen=True)
class Palette:
    """The colours of one theme: buttons (also while pointed at), text and focus ring, soft ground, band, its words."""

    accent: str
    hover: str
    text: str
    soft: str
    deep: str
    tint: str


ROLES = tuple(field.name for field in fields(Palette))


@dataclass(frozen=True)
class Page:
    """Colours of a theme that no shop changes (static/css/tokens.css, dark.css)."""

    surface: str
    background: str
    text: str
    muted: str


PAGES = {
    "light": Page("#ffffff", "#f5f6fa", "#1b2132", "#5b6478"),
    "dark": Page("#161a25", "#0e1119", "#e6e9f2", "#9aa4b8"),
}


@dataclass(frozen=True)
class Pair:
    """A colour that is read on another; each is a role, or a colour that the page has anyway."""

    front: str
    ground: str
    contrast: float


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21, by WCAG 2.2."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=256)
def derive(colour: str, theme: str) -> Palette:
    """A palette of ``theme`` from one colour, in which every pair has enough contrast whatever the colour is."""
    return _derive_light(colour) if theme == "light" else _derive_dark(colour)


def palette_of(colour: str, chosen: Mapping[str, str], theme: str) -> Palette:
    """The derived palette with the ``chosen`` colours of some roles in place of its own.

    A hand-picked colour changes what meets it: the check is ``too_weak``.
    """
    return replace(derive(colour, theme), **{role: value for role, value in chosen.items() if role in ROLES})


def too_weak(palette: Palette, theme: str) -> list[Pair]:
    """The pairs of a palette whose contrast is below ``LEAST``; a front or ground is a role's name or "white" etc."""
    return [
        Pair(front_name, ground_name, ratio)
        for front_name, front, ground_name, ground in _pairs(palette, PAGES[theme])
        if (ratio := contrast(front, ground)) < LEAST
    ]


def _pairs(palette: Palette, page: Page) -> Iterator[tuple[str, str, str, str]]:
    """Name and colour of what is read, and of what it is read on."""
    for role in ("accent", "hover", "deep"):
        yield "white", WHITE, role, getattr(palette, role)
    yield "text", palette.text, "surface", page.surface
    yield "text", palette.text, "background", page.background
    yield "text", palette.text, "soft", palette.soft
    yield "body", page.text, "soft", palette.soft
    yield "muted", page.muted, "soft", palette.soft
    yield "tint", palette.tint, "deep", palette.deep


def _derive_light(colour: str) -> Palette:
    page = PAGES["light"]
    accent = _readable(colour)
    soft = _first(_way(mix(accent, WHITE, 0.88), WHITE), lambda tried: contrast(page.muted, tried) >= LEAST)
    darker = mix(accent, BLACK, 0.2)
    hover = darker if contrast(darker, accent) >= 1.15 else mix(accent, WHITE, 0.2)  # black gets lighter
    grounds = (page.surface, page.background, soft)
    text = _first(_way(accent, BLACK), lambda tried: min(contrast(tried, on) for on in grounds) >= LEAST)
    return Palette(accent=accent, hover=hover, text=text, soft=soft, deep=accent, tint=_tint(accent))


def _derive_dark(colour: str) -> Palette:
    """On a dark page buttons are lighter, so that they part from the ground, and words are much lighter."""
    page, readable = PAGES["dark"], _readable(colour)
    accent = _first(_lighter(readable), lambda tried: contrast(WHITE, tried) <= 5.6)
    accent = accent if contrast(WHITE, accent) >= LEAST else readable  # one step may lead too far
    hover = _last(_lighter(accent), lambda tried: contrast(WHITE, tried) >= LEAST)
    soft = _first(
        _way(mix(accent, page.surface, 0.75), page.surface), lambda tried: contrast(page.muted, tried) >= LEAST
    )
    grounds = (page.surface, page.background, soft)
    text = _first(_lighter(accent), lambda tried: min(contrast(tried, on) for on in grounds) >= 7)
    deep = mix(readable, BLACK, 0.28)
    return Palette(accent=accent, hover=hover, text=text, soft=soft, deep=deep, tint=_tint(deep))


def _readable(colour: str) -> str:
    """The colour itself, or as much darker as white words on it need."""
    return _first(_way(colour, BLACK), lambda tried: contrast(WHITE, tried) >= LEAST)


def _tint(deep: str) -> str:
    return _first(_way(mix(deep, WHITE, 0.78), WHITE), lambda tried: contrast(tried, deep) >= LEAST)


def mix(one: str, other: str, share: float) -> str:
    """``one`` with this share (0 to 1) of ``other`` in it."""
    channels = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in channels)


def _first(way: Iterable[str], is_enough: Callable[[str], bool]) -> str:
    """The first colour that is enough; the end of the way is."""
    return next(filter(is_enough, way))


def _last(way: Iterable[str], is_enough: Callable[[str], bool]) -> str:
    """The last colour before one that is not enough any more; the beginning of the way is."""
    return list(takewhile(is_enough, way))[-1]


def _way(colour: str, goal: str) -> Iterator[str]:
    return (mix(colour, goal, step / STEPS) for step in range(STEPS + 1))


def _lighter(colour: str) -> Iterator[str]:
    """The way to white that keeps hue and saturation; mixed with white a colour would fade at once."""
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    for step in range(STEPS + 1):
        channels = hls_to_rgb(hue, lightness + (1 - lightness) * step / STEPS, saturation * 0.85)
        yield "#" + "".join(f"{round(channel * 255):02x}" for channel in channels) if step else colour


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of an sRGB colour."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
