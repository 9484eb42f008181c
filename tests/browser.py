"""Chromium for the tests: pages on a live server that report errors nobody would see.

A page fails its test when the content policy was broken, a script failed or the server answered 5xx.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from tests.chromium import find_chromium

QUIET = ["background-networking", "component-update", "sync", "gpu", "quic", "default-apps"]
ARGUMENTS = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in QUIET)]
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use the browser are marked, so that ``-m "not browser"`` leaves them out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for all tests of a process."""
    path = find_chromium()
    if path is None:
        pytest.fail("No Chromium on this machine. Install it (Debian: apt-get install chromium) or set CHROMIUM.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Call it for a page on the live server: ``new_page(user=agent, device="phone", locale="zh-Hans", dark=True)``.

    Relative addresses work: ``page.goto("/desk/")``. ``javascript=False`` switches scripts off, ``url`` names another
    server.
    Several pages in one test are several people; each has its own cookies.
    """
    opened: list[tuple[Page, list[str]]] = []

    def open_page(
        *,
        user: AbstractBaseUser | None = None,
        device: str = "desktop",
        locale: str = "en",
        dark: bool = False,
        javascript: bool = True,
        url: str = "",
    ) -> Page:
        context = browser.new_context(
            base_url=url or live_server.url,
            locale=locale,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
            **DEVICES[device],
        )
        context.set_default_timeout(10_000)
        if user is not None:
            context.add_cookies([session_of(user, live_server.url)])
        page = context.new_page()
        opened.append((page, watch(page)))
        return page

    yield open_page
    for page, _complaints in opened:
        page.context.close()
    assert [complaint for _page, complaints in opened for complaint in complaints] == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page on a desktop, of nobody in particular."""
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A page on a phone, of nobody in particular."""
    return new_page(device="phone")


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """Call it with a page: fails with axe's report when the page keeps anybody out. ``rules`` limits it to these."""

    def check(page: Page, rules: Sequence[str] = ()) -> None:
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = {"type": "rule", "values": list(rules)}
        results = Axe().run(page, options=options)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


def session_of(user: AbstractBaseUser, url: str) -> dict[str, str]:
    """The cookie of somebody who has just signed in."""
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def watch(page: Page) -> list[str]:
    """Collect the page's complaints. A page that rightly answers 4xx is none, a picture that does is one."""
    complaints: list[str] = []
    documents: set[str] = set()

    def on_response(response: Response) -> None:
        if response.request.is_navigation_request() or response.request.resource_type in {"xhr", "fetch"}:
            documents.add(response.url)
        if response.status >= 500:
            complaints.append(f"{response.status} {response.url}")

    def on_console(message: ConsoleMessage) -> None:
        refused = "status of 4" in message.text and message.location.get("url") in documents
        # the page was left meanwhile
        left = message.text.startswith(("htmx:afterRequest", "htmx:sendAbort", "htmx:sendError"))
        if message.type == "error" and not refused and not left:
            complaints.append(f"{page.url}: {message.text}")

    page.on("response", on_response)
    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    return complaints
