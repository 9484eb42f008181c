"""A shop's look is set in the admin: one colour is enough, a hand-picked one that cannot be read is refused."""

from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from signoff.brands.queries import brand_of, palettes_of
from signoff.models import Shop
from signoff.web.colours import derive
from tests.factories import ShopFactory

pytestmark = pytest.mark.django_db
DARK_PAIRS = [("cards", "3.12", "1.38"), ("the page", "3.39", "1.11"), ("Soft ground (dark)", "2.47", "2.03")]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def picture(colour: str, name: str = "our logo.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (600, 600), colour).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


@pytest.fixture
def shop() -> Shop:
    return ShopFactory()


@pytest.fixture
def save(client: Client, shop: Shop) -> Any:
    """Send the admin's form with these fields changed; returns the errors by field."""
    client.force_login(User.objects.create_superuser("boss"))
    address = reverse("admin:signoff_shop_change", args=[shop.pk])

    def send(**changed: Any) -> dict[str, list[str]]:
        form = client.get(address).context["adminform"].form
        fields = {name: form[name].value() or "" for name in form.fields if name != "logo"}
        answer = client.post(address, fields | changed)
        return {} if answer.status_code == 302 else dict(answer.context["adminform"].form.errors)

    return send


@pytest.mark.parametrize("typed", ["#0b5563", "0B5563", " #0B5563 "])
def test_one_colour_is_enough(save: Any, shop: Shop, typed: str) -> None:
    assert save(colour=typed) == {}
    shop.refresh_from_db()
    assert (shop.colour, shop.chosen_colours) == ("#0b5563", {})
    assert palettes_of(shop) == {theme: derive("#0b5563", theme) for theme in ("light", "dark")}


@pytest.mark.parametrize("typed", ["teal", "#12345", "#12345g", "red;}body{display:none", "url(x)"])
def test_what_is_no_colour_is_refused_with_an_example(save: Any, shop: Shop, typed: str) -> None:
    sentence = "This is not a colour. Write it with six digits, such as #0b5563."
    assert save(colour=typed, dark_text=typed) == {"colour": [sentence], "dark_text": [sentence]}


def test_hand_picked_colours_replace_derived_ones_and_can_be_removed(save: Any, shop: Shop) -> None:
    assert save(colour="#0b5563", light_hover="#084350", dark_text="#8BD2DF") == {}
    shop.refresh_from_db()
    assert shop.chosen_colours == {"light.hover": "#084350", "dark.text": "#8bd2df"}
    assert (palettes_of(shop)["light"].hover, palettes_of(shop)["dark"].text) == ("#084350", "#8bd2df")
    assert save(light_hover="") == {}
    shop.refresh_from_db()
    assert shop.chosen_colours == {"dark.text": "#8bd2df"}


def test_a_refusal_names_the_pair_and_by_how_much_it_fails(save: Any, shop: Shop) -> None:
    advice = "Choose another colour, or leave this empty."
    assert save(colour="#0b5563", light_accent="#ffd400", dark_text="#1a7283") == {
        "light_accent": [f"“White words” on “Buttons” has a contrast of 1.43, which is 3.07 below 4.5. {advice}"],
        "dark_text": [
            f"“Links and focus (dark)” on “{ground}” has a contrast of {ratio}, which is {gap} below 4.5. {advice}"
            for ground, ratio, gap in DARK_PAIRS
        ],
    }
    shop.refresh_from_db()
    assert (shop.colour, shop.chosen_colours) == ("", {})


def test_hand_picked_colours_alone_ask_for_the_shops_colour(save: Any) -> None:
    [sentence] = save(light_accent="#0b5563")["colour"]
    assert sentence.startswith("Choose the shop's colour first")


def test_links_of_the_foot_are_those_with_an_address(save: Any, shop: Shop) -> None:
    assert "returns_url" in save(returns_url="javascript:alert(1)")
    assert "privacy_url" in save(privacy_url="ftp://lantern.example/privacy")
    assert (
        save(returns_url="https://lantern.example/returns", legal_name="Lantern GmbH", postal_address="A 1\n\n B") == {}
    )
    shop.refresh_from_db()
    brand = brand_of(shop)
    assert brand.address == "Lantern GmbH · A 1 · B"
    assert [(link.label, link.url) for link in brand.links] == [("Returns policy", "https://lantern.example/returns")]


def test_a_logo_is_drawn_anew_and_replaced_with_its_file(
    save: Any, shop: Shop, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    assert save(logo=picture("#0b5563")) == {}
    shop.refresh_from_db()
    first, storage = shop.logo.name, shop.logo.storage
    assert "our logo" not in first
    answer = client.get(brand_of(shop).logo)
    assert Image.open(BytesIO(answer.content)).size == (256, 256)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    with django_capture_on_commit_callbacks(execute=True):
        assert save(logo=picture("#2f5d46")) == {}
    shop.refresh_from_db()
    assert (shop.logo.name != first, storage.exists(first), storage.exists(shop.logo.name)) == (True, False, True)
    with django_capture_on_commit_callbacks(execute=True):
        assert save(**{"logo-clear": "on"}) == {}
    shop.refresh_from_db()
    assert (shop.logo.name, brand_of(shop).logo) == ("", "")


@pytest.mark.parametrize(("name", "content"), [("logo.svg", SVG), ("logo.png", SVG), ("logo.png", b"GIF89a...")])
def test_a_logo_that_is_no_picture_is_refused_and_the_old_one_stays(
    save: Any, shop: Shop, name: str, content: bytes
) -> None:
    assert save(logo=picture("#0b5563")) == {}
    shop.refresh_from_db()
    former = shop.logo.name
    [sentence] = save(logo=SimpleUploadedFile(name, content))["logo"]
    assert sentence.startswith(f"{name}: this picture ")
    shop.refresh_from_db()
    assert (shop.logo.name, shop.logo.storage.exists(former)) == (former, True)


def test_a_lost_logo_is_not_found(save: Any, shop: Shop, client: Client) -> None:
    save(logo=picture("#0b5563"))
    shop.refresh_from_db()
    shop.logo.storage.delete(shop.logo.name)
    assert client.get(brand_of(shop).logo).status_code == 404
