"""Each order of every list of the desk at 1,000 and 1,000,000 cases; saved views; an export of 100,000 rows."""

import os
from collections.abc import Iterator
from multiprocessing import get_context
from time import perf_counter
from urllib.parse import urlencode

import django
import psutil
from django.contrib.auth.models import User
from django.db import connections
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from signoff.exports.rows import rows_of
from signoff.exports.xlsx import workbook
from signoff.models import SavedView
from signoff.web.desk_lists import DeskList, all_lists
from tests.bench.two_sizes import LARGE, Size, Times, sizes, turn_by_turn
from tests.figures import Figure, record

BOSS = "boss"
LIMIT = 1.3
TURNS = 12
EXPORTED = int(os.environ.get("HOMEWARD_EXPORTED", "100000"))
MEMORY = 200  # MiB
#: a tab with rows, where the first one has none in these data
TABS = {"refunds": {"tab": "paid"}}
VIEWS = ("sort=-value&tab=decide", "reason=mind&tab=open", "language=zh-hant&tab=all", "overdue=true&tab=open")


def measure() -> None:
    """The whole section; the environment variable HOMEWARD_CASES makes the large database smaller for a try."""
    begun = perf_counter()
    small, large = sizes()
    _note("loading both databases", perf_counter() - begun, "s", "", "rows made inside PostgreSQL, then indexes")
    for size in (small, large):
        _sign_in(size)
    for name, address in _orders(large):
        _compare(small, large, name, address)
    for size in (small, large):
        _save_views(size)
    _compare(small, large, "queue with four saved views, each counted", reverse("returns:case-list"))
    for kind in ("csv", "xlsx"):
        _export(large, kind)


def _sign_in(size: Size) -> None:
    size.use()
    size.clients[BOSS] = Client()
    size.clients[BOSS].force_login(User.objects.create(username=BOSS, is_superuser=True, is_staff=True))


def _orders(size: Size) -> Iterator[tuple[str, str]]:
    """Each list in both directions of each order that its page offers; the first page."""
    size.use()
    boss = User.objects.get(username=BOSS)
    for desk_list in all_lists():
        for sort in desk_list.find(boss, QueryDict(urlencode(TABS.get(desk_list.name, {})))).order.sorts:
            for chosen in (sort, f"-{sort}"):
                yield f"{desk_list.name} by {chosen}", _address(desk_list, sort=chosen)


def _address(desk_list: DeskList, **more: str) -> str:
    return f"{reverse(desk_list.url_name)}?{urlencode(TABS.get(desk_list.name, {}) | more)}"


def _save_views(size: Size) -> None:
    size.use()
    owner = User.objects.get(username=BOSS)
    rows = [SavedView(list="cases", name=query[:60], query=query, owner=owner) for query in VIEWS]
    SavedView.objects.bulk_create(rows)


def _compare(small: Size, large: Size, name: str, address: str) -> None:
    """The ratio of the 95th percentiles and the number of queries; the slower of few turns is measured again."""
    few, many = turn_by_turn(small, large, BOSS, address, turns=TURNS)
    if many.p95 > few.p95 * LIMIT:
        few, many = turn_by_turn(small, large, BOSS, address, turns=3 * TURNS)
    _note(f"{name}: p95, {LARGE:,} : {small.cases:,}", many.p95 / few.p95, "×", f"≤ {LIMIT}", _times(few, many))
    asked = max(size.queries(BOSS, address) for size in (small, large))
    _note(f"{name}: queries", asked, "", "≤ 10", "")


def _times(few: Times, many: Times) -> str:
    return f"p50 {few.p50:.0f} → {many.p50:.0f} ms, p95 {few.p95:.0f} → {many.p95:.0f} ms"


def _export(size: Size, kind: str) -> None:
    """Rows per second, and by how much the memory of a process that does nothing else grows."""
    with get_context("spawn").Pool(1, initializer=django.setup) as pool:
        count, taken, grown = pool.apply(export_alone, (size.connection.settings_dict["NAME"], kind))
    _note(f"export of {count:,} orders as {kind}", count / taken, "rows/s", "", f"{taken:.0f} s")
    _note(f"export of {count:,} orders as {kind}: memory", grown, "MiB", f"≤ {MEMORY}", "growth of its own process")


def export_alone(database: str, kind: str) -> tuple[int, float, float]:
    """Export from ``database``; the number of rows, seconds, and MiB more than before, looked at every 500 rows."""
    connections["default"].settings_dict["NAME"] = database
    user = User.objects.get(username=BOSS)
    orders = next(desk_list for desk_list in all_lists() if desk_list.name == "orders")
    process = psutil.Process()
    before = most = process.memory_info().rss
    begun, count = perf_counter(), 0
    rows = rows_of(orders, orders.find(user, QueryDict()), orders.columns)

    def counted() -> Iterator[list]:
        nonlocal count, most
        for row in rows:
            count += 1
            if count % 500 == 0:
                most = max(most, process.memory_info().rss)
            yield row
            if count >= EXPORTED:
                return

    for _part in workbook(counted()) if kind == "xlsx" else counted():
        pass
    return count, perf_counter() - begun, (most - before) / 1024**2


def _note(name: str, value: float, unit: str, bound: str, note: str) -> None:
    record(Figure("lists", name, round(value, 3), unit, bound, note))
