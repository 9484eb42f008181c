"""Each of a shopper's pages has the name and colours of one shop, from its own start page to the case."""

import re
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from signoff.lookup.actions import make_link
from signoff.lookup.codes import send_codes
from signoff.models import EntryCode, Order, Shop
from tests.factories import OrderFactory, ShopFactory, UserFactory, make_case
from tests.steps.order_lookup import look_up, newest_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def kiln() -> Shop:
    return ShopFactory(
        slug="kiln", name="Kiln & Kettle", colour="#0b5563", legal_name="Kiln", returns_url="https://kiln.example/r/"
    )


@pytest.fixture
def loom() -> Shop:
    return ShopFactory(slug="loom", name="归雁家居", colour="#2f5d46")


@pytest.fixture
def order(kiln: Shop, loom: Shop) -> Order:
    """An order of one shop; the other has one with the same number and the same person."""
    order = OrderFactory(shop=kiln, number="L-71003", customer__email="anna@shopper.example")
    OrderFactory(shop=loom, number="L-71003", customer__email="anna@shopper.example")
    return order


def shops_of(page: str) -> set[str]:
    """The shops whose style sheets a page loads."""
    return set(re.findall(r'href="/s/([a-z]+)/brand.css', page))


@pytest.mark.parametrize("slug", ["kiln", "loom"])
def test_a_shops_start_page_finds_its_own_orders_only(client: Client, order: Order, slug: str) -> None:
    look_up(client, "L-71003", "anna@shopper.example", start=f"/s/{slug}/")
    assert EntryCode.objects.get().order.shop.slug == slug


def test_an_order_of_another_shop_is_not_found_there(client: Client, order: Order, loom: Shop) -> None:
    OrderFactory(shop=loom, number="L-8", customer__email="ben@shopper.example")
    look_up(client, "L-8", "ben@shopper.example", start="/s/kiln/")
    look_up(client, "L-8", "ben@shopper.example")
    assert [code.order and code.order.shop.slug for code in EntryCode.objects.order_by("pk")] == [None, "loom"]


def test_the_brand_stays_from_the_start_page_to_the_case(client: Client, order: Order) -> None:
    seen = [client.get("/s/kiln/").text]
    look_up(client, order.number, "anna@shopper.example", start="/s/kiln/")
    seen.append(client.get("/code/").text)
    seen.append(client.post("/code/", {"code": "000000"}).text)
    assert client.post("/code/", {"code": newest_code()}).headers["Location"] == f"/orders/{order.token}/"
    case = make_case(order=order)
    paths = (f"/orders/{order.token}/", "/orders/", f"/cases/{case.number}/", "/nowhere/")
    seen += [client.get(path).text for path in paths]
    assert [shops_of(page) for page in seen] == [{"kiln"}] * len(seen)
    assert all("Kiln &amp; Kettle" in page for page in seen)
    assert ['href="https://kiln.example/r/"' in page for page in seen] == [True] * len(seen)
    assert 'href="/s/kiln/"' in client.get("/code/").text
    assert client.post("/leave/").headers["Location"] == "/s/kiln/"


def test_the_start_page_of_all_shops_is_neutral_and_forgets_the_shop(client: Client, order: Order) -> None:
    look_up(client, order.number, "anna@shopper.example", start="/s/kiln/")
    look_up(client, order.number, "anna@shopper.example")
    for page in (client.get("/").text, client.get("/code/").text):
        assert (shops_of(page), "Returns and repairs" in page) == (set(), True)


def test_the_only_shop_is_shown_everywhere(client: Client, kiln: Shop) -> None:
    assert [shops_of(client.get(path).text) for path in ("/", "/code/", "/enter/abc/")] == [{"kiln"}] * 3


def test_an_agents_link_shows_the_shop_before_it_is_used(order: Order) -> None:
    token = make_link(order, by=UserFactory(role="agent"))
    shopper = Client()
    assert shops_of(shopper.get(f"/enter/{token}/").text) == {"kiln"}
    shopper.post(f"/enter/{token}/")
    assert shops_of(Client().post(f"/enter/{token}/").text) == {"kiln"}
    assert shops_of(Client().get("/enter/unknown/").text) == set()


def test_orders_of_two_shops_are_listed_neutrally(client: Client, order: Order, loom: Shop) -> None:
    for start in ("/s/kiln/", "/s/loom/"):
        look_up(client, "L-71003", "anna@shopper.example", start=start)
        send_codes()
        client.post("/code/", {"code": newest_code()})
    page = client.get("/orders/").text
    assert [name in page for name in ("Kiln &amp; Kettle", "归雁家居")] == [True, True]
    assert 'href="/s/loom/"' in page


@pytest.mark.parametrize("path", ["/", "/s/kiln/", "/code/", "/enter/abc/", "/orders/", "/nowhere/", "/sign/nonsense/"])
def test_the_products_name_is_nowhere_but_in_the_small_line_of_the_foot(
    client: Client, order: Order, path: str
) -> None:
    page = client.get(path, follow=True).text
    rest = re.sub(r'<p class="portal-foot-brand">.*?</p>', "", page, flags=re.DOTALL)
    assert "Homeward" not in rest.replace("homeward.js", "")
    assert "归程" not in rest
    assert "manifest" not in rest


def test_a_shop_without_logo_shows_its_first_letter_and_with_one_the_logo(client: Client, kiln: Shop) -> None:
    assert re.search(r'shop-mark-large"\s+aria-hidden="true">K<', client.get("/s/kiln/").text)
    kiln.logo.save("", ContentFile(b"png"))
    page = client.get("/s/kiln/").text
    assert re.search(r'src="/s/kiln/logo.png\?v=[0-9a-f]{12}"', page)
    assert re.search(r'rel="icon" href="/s/kiln/logo.png\?v=[0-9a-f]{12}"', page)


def test_a_forgotten_shop_does_no_harm(client: Client, order: Order) -> None:
    look_up(client, order.number, "anna@shopper.example", start="/s/kiln/")
    Shop.objects.filter(slug="kiln").update(slug="oven")
    assert client.get("/code/").status_code == 200
    assert client.post("/leave/").headers["Location"] == "/"


def test_the_brand_of_an_open_order_costs_no_query(client: Client, order: Order) -> None:
    look_up(client, order.number, "anna@shopper.example", start="/s/kiln/")
    client.post("/code/", {"code": newest_code()})
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/orders/{order.token}/")
    assert [query["sql"] for query in queries if 'FROM "signoff_shop"' in query["sql"]] == []


def test_the_code_is_typed_into_cells_and_pasted_with_spaces(
    new_page: Callable[..., Page], axe: Callable[..., None], kiln: Shop
) -> None:
    page = new_page(device="phone")
    page.goto("/code/")
    page.locator("#id_code").click()
    page.keyboard.type("40a7")
    row = page.locator(".cell-row")
    assert (page.input_value("#id_code"), row.get_attribute("data-filled")) == ("407", "3")
    axe(page)
    page.fill("#id_code", " 407-123 ")
    assert page.input_value("#id_code") == "407123"
    cells = row.bounding_box()
    assert cells is not None
    assert cells["x"] + cells["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") == 390
