"""A shop's colours: every colour gives a palette that can be read, and a hand-picked one that cannot is named."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from signoff.web.colours import (
    COLOUR,
    LEAST,
    PAGES,
    ROLES,
    THEMES,
    Pair,
    Palette,
    contrast,
    derive,
    mix,
    palette_of,
    too_weak,
)

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")

#: hand-made palettes of two shops
EXAMPLES = {
    "Kiln & Kettle, light": ("light", Palette("#0b5563", "#084350", "#0b5563", "#e2eff1", "#0b5563", "#c9e2e6")),
    "Kiln & Kettle, dark": ("dark", Palette("#1a7283", "#1c7d8f", "#8bd2df", "#11313a", "#0e3d47", "#b5dde4")),
    "归雁家居, light": ("light", Palette("#2f5d46", "#244a37", "#2f5d46", "#e6f0e9", "#2f5d46", "#d2e5d8")),
}


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag_in_both_directions(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == round(contrast(other, one), 2) == ratio


@given(colours)
def test_every_colour_gives_palettes_with_enough_contrast(colour: str) -> None:
    for theme in THEMES:
        palette = derive(colour, theme)
        page = PAGES[theme]
        assert too_weak(palette, theme) == []
        assert all(COLOUR.fullmatch(getattr(palette, role)) for role in ROLES)
        # written out once more, so that a pair that ``too_weak`` forgets is found
        read = [
            ("#ffffff", palette.accent), ("#ffffff", palette.hover), ("#ffffff", palette.deep),
            (palette.tint, palette.deep), (palette.text, page.surface), (palette.text, page.background),
            (palette.text, palette.soft), (page.text, palette.soft), (page.muted, palette.soft),
        ]  # fmt: skip
        assert [pair for pair in read if contrast(*pair) < LEAST] == []


@given(colours)
def test_a_button_looks_different_while_it_is_pointed_at_or_keeps_its_colour_in_the_dark(colour: str) -> None:
    assert derive(colour, "light").hover != derive(colour, "light").accent


@given(colours)
def test_a_colour_that_can_be_read_on_is_kept_as_it_is(colour: str) -> None:
    if contrast("#ffffff", colour) >= LEAST:
        assert derive(colour, "light").accent == derive(colour, "light").deep == colour


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_made_by_hand_pass(name: str) -> None:
    theme, palette = EXAMPLES[name]
    assert too_weak(palette, theme) == []


def test_a_weak_pair_is_named_with_its_contrast() -> None:
    weak = too_weak(palette_of("#0b5563", {"hover": "#8fb8c0"}, "light"), "light")
    assert weak == [Pair("white", "hover", contrast("#ffffff", "#8fb8c0"))]


@pytest.mark.parametrize(
    ("role", "value", "pairs"),
    [
        ("accent", "#ffd400", [("white", "accent")]),
        ("text", "#9aa4b8", [("text", "surface"), ("text", "background"), ("text", "soft")]),
        ("soft", "#0b5563", [("text", "soft"), ("body", "soft"), ("muted", "soft")]),
        ("deep", "#c9e2e6", [("white", "deep"), ("tint", "deep")]),
        ("tint", "#0b5563", [("tint", "deep")]),
    ],
)
def test_each_pair_is_checked(role: str, value: str, pairs: list[tuple[str, str]]) -> None:
    weak = too_weak(palette_of("#0b5563", {role: value}, "light"), "light")
    assert [(pair.front, pair.ground) for pair in weak] == pairs


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert [mix("#000000", "#ffffff", share) for share in (0, 0.5, 1)] == ["#000000", "#808080", "#ffffff"]


@pytest.mark.parametrize(("theme", "sheet"), [("light", "tokens.css"), ("dark", "dark.css")])
def test_the_colours_of_the_page_are_those_of_the_style_sheet(theme: str, sheet: str) -> None:
    css = Path(settings.BASE_DIR, "static", "css", sheet).read_text(encoding="utf-8")
    found = dict(re.findall(r"--hw-([a-z]+): (#[0-9a-f]{3,6});", css))
    page = PAGES[theme]
    whole = {name: value if len(value) == 7 else value + value[1:] for name, value in found.items()}
    assert (whole["surface"], whole["bg"], whole["text"], whole["muted"]) == (
        page.surface, page.background, page.text, page.muted,
    )  # fmt: skip
