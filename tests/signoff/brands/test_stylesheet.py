"""A shop's style sheet: its own colours in light and dark, no tone among them, cached at an address of its content."""

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from signoff.brands.queries import css_of
from signoff.brands.rules import PROPERTIES, palettes, stylesheet
from signoff.models import Shop
from signoff.web.colours import COLOUR, derive
from tests.factories import ShopFactory

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TEAL = "#0b5563"


def test_every_property_is_set_for_both_themes_and_nothing_else() -> None:
    light, dark = derive(TEAL, "light"), derive(TEAL, "dark")

    def declared(palette: object) -> str:
        return ";".join(f"{name}:{getattr(palette, role)}" for name, role in PROPERTIES.items())

    assert stylesheet(palettes(TEAL, {})).splitlines() == [
        f":root{{{declared(light)}}}",
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-bs-theme="light"]){{{declared(dark)}}}}}',
        f'@media screen{{:root[data-bs-theme="dark"]{{{declared(dark)}}}}}',
    ]


@given(colours)
def test_no_tone_ever_takes_the_colour_of_a_shop(colour: str) -> None:
    css = stylesheet(palettes(colour, {}))
    assert set(re.findall(r"--[a-z-]+", css)) == set(PROPERTIES)
    assert not re.search(r"tone|-on-|-(ok|warn|danger|info)", css)


#: Hypothesis also tries what stands in the code, and colours do
no_colours = st.text(max_size=30).filter(lambda text: not COLOUR.fullmatch(text))


@given(no_colours, no_colours)
def test_what_is_no_colour_never_reaches_the_style_sheet(colour: str, chosen: str) -> None:
    """Nobody can store it by the form; a row may be written otherwise."""
    assert css_of(Shop(colour=colour)) == ""
    derived = stylesheet(palettes(TEAL, {}))
    assert css_of(Shop(colour=TEAL, chosen_colours={"light.accent": chosen, "dark.text": chosen})) == derived


def test_hand_picked_colours_that_cannot_be_read_are_left_out_with_their_theme() -> None:
    found = palettes(TEAL, {"light.accent": "#ffd400", "light.soft": "#e2eff1", "dark.text": "#8bd2df"})
    assert found["light"] == derive(TEAL, "light")
    assert found["dark"].text == "#8bd2df"


@pytest.fixture
def shop() -> Shop:
    return ShopFactory(colour=TEAL)


@pytest.mark.django_db
def test_the_style_sheet_is_cached_for_a_year_at_the_address_of_its_content(client: Client, shop: Shop) -> None:
    [address] = re.findall(r'href="(/s/lantern/brand.css\?v=[0-9a-f]{12})"', client.get("/").text)
    sheet = client.get(address)
    assert (sheet.text, sheet.headers["Content-Type"]) == (css_of(shop), "text/css; charset=utf-8")
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/s/lantern/brand.css").headers["Cache-Control"] == "no-cache"
    Shop.objects.update(colour="#2f5d46")
    assert address not in client.get("/").text
    changed = client.get(address)
    assert (changed.headers["Cache-Control"], "#2f5d46" in changed.text) == ("no-cache", True)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/s/lantern/brand.css", "/s/lantern/logo.png", "/s/nowhere/brand.css", "/s/nowhere/"])
def test_what_a_shop_does_not_have_is_not_found(client: Client, path: str) -> None:
    ShopFactory()
    assert client.get(path).status_code == 404
    assert "brand.css" not in client.get("/").text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/desk/", "/accounts/login/", "/admin/login/"])
def test_pages_of_staff_keep_the_colours_and_the_name_of_the_product(client: Client, shop: Shop, path: str) -> None:
    page = client.get(path, follow=True).text
    assert ("brand.css" in page, "Homeward" in page) == (False, True)
