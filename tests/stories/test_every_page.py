"""Every page, on a desktop and on a phone, in light and in dark: nobody is kept out, nothing complains."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from signoff.lookup.session import KEY
from signoff.models import Order
from tests import fresh_database
from tests.browser import session_of, watch
from tests.factories.sample_shop import SampleShop, build_sample_shop
from tests.stories.page_urls import NO_PAGES, VISITS, Visit

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
#: alternating from page to page, so that every page is seen in both sizes and both themes
LOOKS = [
    [(DESKTOP, "light"), (PHONE, "dark")],
    [(PHONE, "light"), (DESKTOP, "dark")],
    [(DESKTOP, "dark"), (PHONE, "light")],
    [(PHONE, "dark"), (DESKTOP, "light")],
]
#: axe's rules that size or theme can break; all others are judged in the first look alone
LOOK_RULES = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "meta-viewport")
NOT_OURS = ("admin",)  # Django's own pages, for configuration
TWO_LINES = 76  # pixels of a row on a phone
MORE_LINES = {  # lists whose rows are read or answered where they are
    "feedback:mail-list", "signoff:anomaly-list", "signoff:import-list", "signoff:scorecards", "signoff:scorecard",
    "signoff:violation", "returns:desk-request",
}  # fmt: skip
CHINESE = {"signoff:find", "returns:request-details", "returns:case-list", "refunds:propose", "inspection:inspect"}


@dataclass
class Site:
    """The product in use: one browser window per person, and what each window has complained about."""

    world: SampleShop
    browser: Browser
    url: str
    windows: dict[str, tuple[Page, list[str]]] = field(default_factory=dict)

    def window(self, who: str, *, language: str = "en") -> tuple[Page, list[str]]:
        key = f"{who} {language}"
        if key not in self.windows:
            context = self.browser.new_context(base_url=self.url, locale=language, reduced_motion="reduce")
            context.add_cookies(self._cookies(who, language))
            page = context.new_page()
            self.windows[key] = page, watch(page)
        return self.windows[key]

    def _cookies(self, who: str, language: str) -> list[Any]:
        cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.url}]
        if who == "shopper":
            cookies.append({"name": settings.SESSION_COOKIE_NAME, "value": _been_everywhere(), "url": self.url})
        elif who != "nobody":
            cookies.append(session_of(self.world.staff[who], self.url))
        return cookies


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, browser: Browser) -> Iterator[Site]:
    """Built once for all pages; nothing here changes anything in it."""
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
        opened = Site(build_sample_shop(), browser, server.url)
        yield opened
        for page, _complaints in opened.windows.values():
            page.context.close()
        server.stop()
        shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
        fresh_database.restore()


every_visit = pytest.mark.parametrize(("at", "visit"), list(enumerate(VISITS)), ids=[str(visit) for visit in VISITS])


@every_visit
def test_a_page_is_sound(site: Site, axe: Callable[[Page], None], at: int, visit: Visit) -> None:
    page, complaints = site.window(visit.who)
    complaints.clear()
    first, second = LOOKS[at % 4]
    look(page, *first)
    go(page, visit, site.world)
    axe(page)
    for size, theme in (first, second):
        look(page, size, theme)
        assert_nothing_sticks_out(page)
        if size is PHONE and visit.name not in MORE_LINES:
            assert_rows_have_two_lines(page)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", level=1).count() == 1
    assert complaints == []


@pytest.mark.long
@every_visit
def test_a_page_is_sound_in_the_other_size_and_theme(
    site: Site, axe: Callable[..., None], at: int, visit: Visit
) -> None:
    page, _complaints = site.window(visit.who)
    go(page, visit, site.world)
    look(page, *LOOKS[at % 4][1])
    axe(page, LOOK_RULES)


@pytest.mark.parametrize("visit", [visit for visit in VISITS if visit.name in CHINESE and not visit.note], ids=str)
def test_a_page_speaks_chinese(site: Site, axe: Callable[[Page], None], visit: Visit) -> None:
    page, complaints = site.window(visit.who, language="zh-hans")
    complaints.clear()
    page.set_viewport_size(PHONE)
    go(page, visit, site.world)
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    assert re.search(r"[\u4e00-\u9fff]", page.get_by_role("heading", level=1).inner_text())
    axe(page)
    assert_nothing_sticks_out(page)
    assert complaints == []


def test_no_address_of_the_house_is_forgotten() -> None:
    visited = {visit.name for visit in VISITS}
    named = set(_names(get_resolver()))
    assert sorted(named - visited - NO_PAGES.keys()) == [], "visit these in visits.py, or say there why not"
    assert sorted(NO_PAGES.keys() - named) == [], "these are no addresses any more"
    assert sorted(NO_PAGES.keys() & visited) == []


def go(page: Page, visit: Visit, world: SampleShop) -> None:
    response = page.goto(visit.path(world))
    assert response is not None
    assert response.status == visit.status
    assert response.request.redirected_from is None, f"{visit} leads to {response.url}"


def look(page: Page, size: Any, theme: Any) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme)


def assert_nothing_sticks_out(page: Page) -> None:
    """No page scrolls sideways; wide tables do, in themselves."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, f"{page.url} is {wide} px wider than the window of {page.viewport_size}"


def assert_rows_have_two_lines(page: Page) -> None:
    """The rows of lists, but for the button of what failed."""
    rows = page.locator("table[data-rows] tbody tr:not(:has(> .two-act:not(:empty)))")
    heights = rows.evaluate_all("rows => rows.map((row) => row.offsetHeight)")
    assert max(heights, default=0) <= TWO_LINES, f"{page.url}: {heights}"


def _names(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{before}{pattern.name}"
        elif pattern.namespace not in NOT_OURS:
            yield from _names(pattern, f"{before}{pattern.namespace}:" if pattern.namespace else before)


def _been_everywhere() -> str:
    """The session of a shopper who has entered every order."""
    session = SessionStore()
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    session[KEY] = {str(pk): until for pk in Order.objects.values_list("pk", flat=True)}
    session.create()
    return str(session.session_key)
