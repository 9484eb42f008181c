"""(g) What a page weighs in Chromium, at first and again, and what a web process weighs over 10,000 requests.

The server is the product's own: gunicorn, WhiteNoise with Brotli, pages compressed. The shop is that of the
stories, with a page for every state. Photos are not counted: they are what the shopper sent.
"""

import http.client
import itertools
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.bench.product_server import Web, served
from tests.browser import ARGUMENTS, watch
from tests.chromium import find_chromium
from tests.factories.sample_shop import SampleShop, build_sample_shop
from tests.figures import Figure, record
from tests.proof.hostile_text.shop import been_everywhere
from tests.stories.page_urls import VISITS

MILESTONES = (100, 1_000, 5_000, 10_000)
PHOTOS = ("/evidence/", "photos/", "/attachments/")  # also of unknown parcels
OBSERVE = """
window.__shift = 0; window.__long = 0;
const watch = (type, tell) =>
  new PerformanceObserver(list => list.getEntries().forEach(tell)).observe({ type, buffered: true });
watch('layout-shift', entry => { if (!entry.hadRecentInput) window.__shift += entry.value; });
watch('longtask', entry => { window.__long = Math.max(window.__long, entry.duration); });
"""


@dataclass
class Weighed:
    """One page: bytes over the wire and requests on the first visit and the second, and what it is made of."""

    what: str
    first: int = 0
    requests: int = 0
    again: int = 0
    nodes: int = 0
    shift: float = 0
    longest: float = 0
    barriers: int = 0
    complaints: int = 0


def measure() -> None:
    """Weigh every page, then one web process."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs a loop in this thread
    mail.outbox = []
    world = build_sample_shop()
    places = [(str(visit), visit.who, visit.path(world)) for visit in VISITS if not visit.name.startswith("demo:")]
    sessions = {who: session_of(who, world) for who in ("shopper", *world.staff)}
    with TemporaryDirectory() as folder, served(Path(folder) / "log", WEB_CONCURRENCY="1") as web:
        tell(list(_weighed(places, sessions, web)))
        _watch_memory(places, sessions, web)


def session_of(who: str, world: SampleShop) -> str:
    if who == "shopper":
        return been_everywhere()
    client = Client()
    client.force_login(world.staff[who])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def tell(pages: list[Weighed]) -> None:
    """The heaviest of each, by name."""

    def most(name: str, value: Callable[[Weighed], float], unit: str = "", bound: str = "") -> None:
        worst = max(pages, key=value)
        record(Figure("page_weight", name, value(worst), unit, bound, worst.what))

    record(Figure("page_weight", "pages weighed", len(pages)))
    most("first visit: bytes over the wire, at most", lambda page: page.first / 1000, "kB", "≤ 120")
    most("first visit: requests, at most", lambda page: page.requests)
    most("second visit: bytes over the wire, at most", lambda page: page.again / 1000, "kB")
    most("elements of a page, at most", lambda page: page.nodes)
    most("layout shift, at most", lambda page: page.shift, "", "≤ 0.1")
    most("longest task of the main thread", lambda page: page.longest, "ms")
    record(Figure("page_weight", "axe: barriers", sum(page.barriers for page in pages), "", "= 0"))
    complaints = sum(page.complaints for page in pages)
    record(Figure("page_weight", "complaints of the browser, broken policy included", complaints, "", "= 0"))


def _weighed(places: list[tuple[str, str, str]], sessions: dict[str, str], web: Web) -> Iterator[Weighed]:
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for what, who, address in places:
            yield _weigh(browser, what, web.url + address, sessions.get(who), web.url)
        browser.close()


def _weigh(browser: Browser, what: str, address: str, session: str | None, url: str) -> Weighed:
    """Open a page in a browser that has never been here, and once more."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    if session:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    page, told = context.new_page(), Weighed(what)
    page.add_init_script(OBSERVE)
    complaints = watch(page)
    told.first, told.requests = _visit(page, address)
    told.nodes = page.evaluate("document.querySelectorAll('*').length")
    told.shift, told.longest = page.evaluate("[window.__shift, window.__long]")
    told.again, _requests = _visit(page, address)
    told.barriers = Axe().run(page).violations_count
    told.complaints = len(complaints)
    context.close()
    return told


def _visit(page: Page, address: str) -> tuple[int, int]:
    """Bytes and requests until the network is quiet; headers count, photos and what the browser has kept do not."""
    answers: list[Response] = []

    def hear(answer: Response) -> None:
        answers.append(answer)

    page.on("response", hear)
    page.goto(address, wait_until="networkidle")
    page.remove_listener("response", hear)
    counted = [one for one in answers if not any(photo in one.url for photo in PHOTOS)]
    sizes = [one.request.sizes() for one in counted]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes), len(counted)


def _watch_memory(places: list[tuple[str, str, str]], sessions: dict[str, str], web: Web) -> None:
    """Mixed pages, four at a time; the worker's own share of memory as the kernel counts it."""
    [worker] = web.workers()
    turns, asked, seen = itertools.cycle(places), 0, {}
    with ThreadPoolExecutor(4) as threads:
        for milestone in MILESTONES:
            batch = list(itertools.islice(turns, milestone - asked))
            before = time.perf_counter()
            list(threads.map(lambda share: _ask(share, sessions, web), (batch[at::4] for at in range(4))))
            print(f"{milestone} requests, {time.perf_counter() - before:.0f} s")  # noqa: T201
            asked, seen[milestone] = milestone, share_of_memory(worker)
    # the configuration replaces a worker after 5,000 requests; here it must not
    assert web.workers() == [worker], "the worker was replaced: nothing was measured"
    for milestone, mebibytes in seen.items():
        record(Figure("page_weight", f"a web process after {milestone:,} requests", mebibytes, "MiB", "≤ 250"))
    growth = seen[MILESTONES[-1]] - seen[MILESTONES[1]]
    name = "… growth from 1,000 to 10,000 requests"
    record(Figure("page_weight", name, growth, "MiB", "≤ 15", "four threads, mixed pages"))


def _ask(places: list[tuple[str, str, str]], sessions: dict[str, str], web: Web) -> None:
    connection = http.client.HTTPConnection(web.host, timeout=60)
    for what, who, address in places:
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={sessions[who]}"} if who in sessions else {}
        connection.request("GET", address, headers={"Accept-Encoding": "gzip"} | cookie)
        answer = connection.getresponse()
        answer.read()
        assert answer.status < 500, what
    connection.close()


def share_of_memory(process: int) -> float:
    """Mebibytes that the process has for itself, with its share of what it shares (PSS)."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
