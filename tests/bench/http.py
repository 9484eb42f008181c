"""(e) The same case over HTTP: by the product's own pages, beside a plain Django app of nine JSON writes."""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from config.i18n.catalogues import compile_stale
from returns.intake.actions import Wish, open_case
from returns.models import Case
from signoff.lookup.session import KEY
from signoff.models import Order
from tests.bench.browser import Browser
from tests.bench.case_steps import BenchShop, make_bench_shop, make_orders
from tests.bench.clients import SECRET, Desk, Visit, run_plain_case
from tests.bench.servers import PLAIN, PRODUCT, prepare_plain, serving
from tests.figures import Figure, record

ROUNDS, CASES, WARM = 3, 8, 2  # of each side; cases of one client in one round, and before the clock runs
CLIENTS = (1, 4)
WAITING = 60  # cases in the agents' queue
LOOKS = 40  # at each page
PATIENCE = 300  # seconds, then somebody has died
FORK = multiprocessing.get_context("fork")

type Orders = list[tuple[str, str]]  # public token, and the session of a browser that has entered it
type Side = Callable[[], Callable[[str, str], None]]


def measure() -> None:
    """Cases per second of both servers, then what the queue costs beside a page with nothing on it."""
    compile_stale()
    bench_shop = make_bench_shop(Order.objects.get(pk=make_orders(1)[0]))
    staff = {role: session_of(getattr(bench_shop, role)) for role in ("agent", "manager", "inspector")}
    caller = prepare_plain()
    with serving(PRODUCT) as port, serving(PLAIN) as plain:
        sides: dict[str, Side] = {
            "pages": partial(by_pages, port, staff, pages=True),
            "forms": partial(by_pages, port, staff, pages=False),
            "plain": partial(by_json, plain, caller),
        }
        for clients in CLIENTS:
            compare(sides, clients)
        look_at_the_queue(bench_shop, Browser(port, {"sessionid": staff["agent"]}))


def compare(sides: dict[str, Side], clients: int) -> None:
    """All sides in turn, round by round; the figures are medians."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(ROUNDS):
        for name, side in sides.items():
            rates[name].append(lives_per_second(side, clients))
    of = f"{clients} client{'s' if clients > 1 else ''}"
    titles = {
        "pages": "cases by the product's pages, each form opened and sent",
        "forms": "cases by the product's forms alone, sent without opening them",
        "plain": "cases in the plain app, nine JSON writes",
    }
    for name, title in titles.items():
        record(Figure("http", f"{title}, {of}", round(statistics.median(rates[name]), 2), "/s"))
    against = {name: _ratio(rates[name], rates["plain"]) for name in ("forms", "pages")}
    forms = "nine forms sent beside nine JSON writes: as many requests, 77 rows written instead of nine"
    pages = "nine pages drawn on top, which the plain app has none of"
    record(Figure("http", f"forms against plain, {of}", against["forms"], "", "≥ 0.5", forms))
    record(Figure("http", f"pages and forms against plain, {of}", against["pages"], "", "", pages))


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return round(statistics.median(our / their for our, their in zip(ours, theirs, strict=True)), 3)


def lives_per_second(side: Side, clients: int) -> float:
    """Cases of all clients over the time from the first one's beginning to the last one's end."""
    shares = [enter(make_orders(WARM + CASES)) for _ in range(clients)]
    connections.close_all()
    start, ends = FORK.Barrier(clients + 1), FORK.Queue()
    children = [FORK.Process(target=visit, args=(side, share, start, ends)) for share in shares]
    for child in children:
        child.start()
    start.wait(timeout=120)
    began = time.perf_counter()
    last = max(ends.get(timeout=PATIENCE) for _ in children)
    for child in children:
        child.join()
    return clients * CASES / (last - began)


def visit(side: Side, share: Orders, start: Any, ends: Any) -> None:
    """A client: some cases to get warm, then its share."""
    run = side()
    for order in share[:WARM]:
        run(*order)
    start.wait(timeout=120)
    for order in share[WARM:]:
        run(*order)
    ends.put(time.perf_counter())


def by_pages(port: int, staff: dict[str, str], *, pages: bool) -> Callable[[str, str], None]:
    """A case of an order by the product's pages."""

    def browser(session: str) -> Browser:
        return Browser(port, {"sessionid": session, "csrftoken": SECRET})

    desk = Desk(**{role: browser(session) for role, session in staff.items()})
    return lambda order, session: Visit(desk, browser(session), pages=pages).run(order)


def by_json(port: int, caller: str) -> Callable[[str, str], None]:
    """A case of an order in the plain app."""
    browser = Browser(port, {"sessionid": caller})
    return lambda order, _session: run_plain_case(browser, order)


def look_at_the_queue(bench_shop: BenchShop, agent: Browser) -> None:
    """The agents' queue with a full page of cases, and the short page that asks whether to sign out, in turn."""
    for order in Order.objects.select_related("customer").filter(pk__in=make_orders(WAITING)):
        wish = Wish(order.lines.get(), 1, bench_shop.reason, "refund")
        open_case(order, [wish], by=order.customer, channel=Case.Channel.PORTAL)
    connections.close_all()
    pages = {"queue": "/desk/cases/", "trivial": "/accounts/logout/"}
    took: dict[str, list[float]] = {name: [] for name in pages}
    for look in range(LOOKS + 5):
        for name, path in pages.items():
            began = time.perf_counter()
            agent.get(path)
            if look >= 5:
                took[name].append(time.perf_counter() - began)
    middle = {name: statistics.median(times) for name, times in took.items()}
    for name, title in (("queue", "the agents' queue"), ("trivial", "a trivial page, signed in")):
        record(Figure("http", f"{title}, p50", round(middle[name] * 1000, 1), "ms"))
    note = f"{WAITING} cases wait; the trivial page asks whether to sign out"
    record(
        Figure("http", "queue against the trivial page", round(middle["queue"] / middle["trivial"], 2), "", "≤ 8", note)
    )


def session_of(user: User) -> str:
    """The key of a session in which ``user`` is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.save()
    return session.session_key


def enter(orders: list[int]) -> Orders:
    """For each order its token, and the session of a browser that has entered it."""
    tokens = dict(Order.objects.filter(pk__in=orders).values_list("pk", "token"))
    entered: Orders = []
    for order in orders:
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[KEY] = {str(order): (timezone.now() + timedelta(hours=1)).isoformat()}
        session.save()
        entered.append((tokens[order], session.session_key))
    return entered
