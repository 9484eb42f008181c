"""The page layouts, shown by the style guide."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory
from playwright.sync_api import Page

from config.web import navigation

PAGES = ("/demo/look/", "/demo/look/portal/")
INLINE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|javascript:|<script(?![^>]*(?:\ssrc=|\stype="application/json"))"""
)


@pytest.mark.parametrize(
    "address", [*PAGES, "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/nowhere/"]
)
@pytest.mark.django_db
def test_a_page_holds_no_inline_script_or_style(client: Client, address: str) -> None:
    assert INLINE.findall(client.get(address).content.decode()) == []


@pytest.mark.parametrize("address", PAGES)
def test_the_style_guide_asks_no_database(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_a_theme_is_kept_in_a_cookie_and_forgotten_for_auto(client: Client) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": "/demo/look/"})
    assert (response.status_code, response["Location"]) == (302, "/demo/look/")
    page = client.get("/demo/look/").content.decode()
    assert 'data-bs-theme="dark"' in page
    assert "prefers-color-scheme" not in page
    client.post("/theme/", {"theme": "auto"})
    page = client.get("/demo/look/").content.decode()
    assert "data-bs-theme" not in page
    assert 'media="screen and (prefers-color-scheme: dark)"' in page


def test_a_light_theme_does_not_load_the_dark_one(client: Client) -> None:
    client.post("/theme/", {"theme": "light"})
    assert "dark.css" not in client.get("/demo/look/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "", "javascript:alert(1)"])
def test_the_theme_switch_never_leads_away(client: Client, target: str) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": target})["Location"] == "/"


def test_the_theme_changes_by_post_only(client: Client) -> None:
    assert client.get("/theme/").status_code == 405


def test_the_theme_cookie_cannot_be_anything_else(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert "data-bs-theme" not in client.get("/demo/look/").content.decode()


def test_bootstrap_comes_out_of_its_package() -> None:
    assert finders.find("bootstrap/bootstrap.min.css")
    assert finders.find("bootstrap/bootstrap.rtl.css") is None


def test_bootstrap_brings_no_pictures_that_our_policy_refuses() -> None:
    css = Path(str(finders.find("bootstrap/bootstrap.min.css"))).read_text()
    assert "data:" not in css
    assert ".btn" in css


def test_nobody_signed_in_sees_no_sidebar() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert navigation.navigation(request) == []


@pytest.mark.django_db
def test_the_sidebar_offers_what_a_permission_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = (
        navigation.Entry("Here", "inbox", "admin:index", "auth.view_user"),
        navigation.Entry("Hidden", "inbox", "admin:index", "auth.delete_user"),
        navigation.Entry("Not built yet", "inbox", "nowhere:at-all", "auth.view_user"),
    )
    monkeypatch.setattr(navigation, "ENTRIES", (("Work", entries), ("Setup", entries[1:])))
    monkeypatch.setattr(navigation, "_COUNTERS", {"admin:index": User.objects.all})
    user = User.objects.create_user("agent")
    user.user_permissions.add(Permission.objects.get(codename="view_user"))
    request = RequestFactory().get("/admin/auth/")
    request.user = user
    assert navigation.navigation(request) == [
        navigation.Group("Work", [navigation.Item("Here", "inbox", "/admin/", active=True, count="1")])
    ]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_axe_finds_nothing_in_the_style_guide(
    new_page: Callable[..., Page], axe: Callable[[Page], None], address: str, dark: bool, device: str
) -> None:
    page = new_page(device=device, dark=dark, locale="zh-Hans")
    page.goto(address)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_keys_walk_through_a_list(page: Page) -> None:
    page.goto(PAGES[0])
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "RMA-10421"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "RMA-10420"


@pytest.mark.parametrize("javascript", [False, True])
def test_the_theme_is_chosen_from_the_menu(
    new_page: Callable[..., Page], axe: Callable[[Page], None], javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    page.goto(PAGES[1])
    page.locator("summary", has_text="Appearance").click()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.url.endswith(PAGES[1])
    if javascript:
        axe(page)
