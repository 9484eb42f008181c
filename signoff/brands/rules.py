"""From a shop's colours to its style sheet. Pure; the arithmetic of colours is in ``signoff.web.colours``."""

from collections.abc import Mapping
from dataclasses import asdict

from signoff.web.colours import COLOUR, ROLES, THEMES, Palette, palette_of, too_weak

#: custom properties that a shop's style sheet sets, and the role that each takes. No tone is among them.
PROPERTIES = {
    "--hw-accent": "accent",
    "--hw-accent-hover": "hover",
    "--hw-accent-text": "text",
    "--hw-focus": "text",
    "--hw-accent-soft": "soft",
    "--shop-deep": "deep",
    "--shop-tint": "tint",
}


def palettes(colour: str, chosen: Mapping[str, str]) -> dict[str, Palette]:
    """A palette for each theme, or none without a ``colour``; ``chosen`` has keys such as "light.accent".

    What could not be read is left out: a form has refused it, so somebody has written it past the form.
    """
    if not COLOUR.fullmatch(colour):
        return {}
    return {theme: _palette(colour, of_theme(chosen, theme), theme) for theme in THEMES}


def of_theme(chosen: Mapping[str, str], theme: str) -> dict[str, str]:
    """The hand-picked colours of a theme by their role."""
    return {role: value for role in ROLES if (value := chosen.get(f"{theme}.{role}", ""))}


def stylesheet(themes: Mapping[str, Palette]) -> str:
    """CSS that sets ``PROPERTIES`` for the theme that the reader or the device has chosen; print is light."""
    light, dark = (_declarations(themes[theme]) for theme in THEMES)
    return (
        f":root{{{light}}}\n"
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-bs-theme="light"]){{{dark}}}}}\n'
        f'@media screen{{:root[data-bs-theme="dark"]{{{dark}}}}}\n'
    )


def _palette(colour: str, chosen: Mapping[str, str], theme: str) -> Palette:
    derived = palette_of(colour, {}, theme)
    if not all(COLOUR.fullmatch(str(value)) for value in chosen.values()):
        return derived
    picked = palette_of(colour, chosen, theme)
    return derived if too_weak(picked, theme) else picked


def _declarations(palette: Palette) -> str:
    colours = asdict(palette)
    return ";".join(f"{name}:{colours[role]}" for name, role in PROPERTIES.items())
