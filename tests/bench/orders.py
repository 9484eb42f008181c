"""Search among 1,000,000 orders by any detail a caller gives, and scorecards of as many parcels."""

import re
from time import perf_counter
from urllib.parse import urlencode

from django.contrib.auth.models import Group, User
from django.test import Client

from signoff.models import Customer, Destination, Order
from signoff.scorecards.snapshots import make_snapshots
from tests.bench.two_sizes import Size, Times, side_by_side, sizes
from tests.figures import Figure, record

ORDERS, CARDS = "/desk/orders/", "/desk/scorecards/"
LIMIT = 250  # ms: whoever is on the telephone does not notice
CARD = 500  # ms: a page that is opened now and then
WORDS = {
    "order number": "LT-00000777",
    "part of an order number": "0000077",
    "id at the shop": "GID-5000777",
    "name": "Clara Wilson",
    "family name": "Wilson",
    "e-mail": "shopper556@post",
    "Chinese, 1 character": "王",
    "Chinese, 2 characters": "伟晨",
    "Chinese, 3 characters": "王伟晨",
    "whom it goes to": "Aunt 4d",
    "whom it goes to, Chinese": "收货人王",
    "tracking number": "sf 1000 0007 77",
    "SKU": "SKU-777",
    "article, 2 Chinese characters": "耳机",
    "article, 2 words": "Copper kettle",
    "what every order has": "LT-",
    "what nothing has": "zzzqqq",
}
#: what is counted where a year of a million parcels is behind it
SPANS = {"30 days": 30, "90 days": 90, "365 days": 365}


def measure() -> None:
    """The whole section; the environment variable HOMEWARD_CASES makes the large database smaller for a try."""
    begun = perf_counter()
    _small, large = sizes()
    _note("loading both databases", perf_counter() - begun, "s", "", "rows made inside PostgreSQL, then indexes")
    _sign_in(large)
    for name, words in (WORDS | _telephones()).items():
        _search(large, name, words)
    begun = perf_counter()
    made = make_snapshots()
    _note("counting scorecards, once a day", perf_counter() - begun, "s", "", f"{made} kinds of names and spans")
    for name, days in SPANS.items():
        for page, address in (("scorecards", CARDS), ("one scorecard", f"{CARDS}carrier/DHL/")):
            _page(large, f"{page}, {name}", f"{address}?{urlencode({'days': days, 'shop': 'lantern'})}")


def _sign_in(size: Size) -> None:
    size.use()
    user = User.objects.create(username="manager")
    user.groups.add(Group.objects.get(name="manager"))
    size.clients["manager"] = Client()
    size.clients["manager"].force_login(user)


def _telephones() -> dict[str, str]:
    """Ends of numbers that are there: of a customer, of a destination, and a whole one as it is written abroad."""
    bought = re.sub(r"\D", "", Customer.objects.get(pk=777).phone)
    sent = re.sub(r"\D", "", Destination.objects.get(pk=778).phone)
    return {
        "telephone, 4 digits": bought[-4:],
        "telephone, 6 digits": sent[-6:],
        "telephone, all of it": f"+44 {bought[2:6]} {bought[6:]}",
    }


def _search(size: Size, name: str, words: str) -> None:
    size.use()
    hits = Order.objects.search_indexes_with_phones(words)
    address = f"{ORDERS}?{urlencode({'q': words})}"
    shown = size.clients["manager"].get(address).content.count(b"row-link")
    note = f"{shown} rows on the page{', looked through in order' if hits.is_broad else ''}"
    (times,) = side_by_side(lambda: size.get("manager", address))
    _timed(f"search by {name}, {size.cases:,} orders", times, f"≤ {LIMIT}", note)


def _page(size: Size, name: str, address: str) -> None:
    (times,) = side_by_side(lambda: size.get("manager", address), turns=5)
    _timed(f"{name}, {size.cases:,} parcels", times, f"≤ {CARD}", "")


def _timed(name: str, times: Times, bound: str, note: str) -> None:
    _note(f"{name}, p95", times.p95, "ms", bound, f"p50 {times.p50:.0f} ms; {note}".strip("; "))


def _note(name: str, value: float, unit: str, bound: str, note: str) -> None:
    record(Figure("orders", name, round(value, 1), unit, bound, note))
