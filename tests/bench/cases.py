"""(a) Whole cases by the product's own actions, beside bare psycopg that writes the same rows with the same commits."""

import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection, connections

from config.runtime import postgres
from signoff.models import Order
from tests.bench.case_steps import STEPS, BenchCase, BenchShop, make_bench_shop, make_orders
from tests.bench.plain_sql import Key, PlainSql, Script, record
from tests.figures import Figure
from tests.figures import record as tell

ROUNDS, CASES, WARM = 5, 30, 5  # of each side; cases of one worker in one round, and before the clock runs
WORKERS = (1, 4)
AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
PATIENCE = 300  # seconds, then somebody has died
FORK = multiprocessing.get_context("fork")

type Side = Callable[[list[int]], Callable[[int], None]]


def measure() -> None:
    """Statements of a case, and cases per second of both sides."""
    first, warm, counted = (Order.objects.select_related("customer").get(pk=pk) for pk in make_orders(3))
    bench_shop = make_bench_shop(first)
    bench_case = BenchCase(bench_shop, first)
    script = record([partial(step, bench_case) for step in STEPS])
    model = keys_of([first.pk])[first.pk]
    run_case(BenchCase(bench_shop, warm))
    count_statements(BenchCase(bench_shop, counted))
    rows = sum(len(commit) for commit in script.commits)
    tell(Figure("cases", "rows that a case writes", rows, "", "", f"in {len(script.commits)} commits, by either side"))
    for workers in WORKERS:
        compare(workers, bench_shop, script, model)


def run_case(bench_case: BenchCase) -> None:
    for step in STEPS:
        step(bench_case)


def count_statements(bench_case: BenchCase) -> None:
    """How many statements the actions send, and how many of them only begin or end transactions."""
    sent: Counter[bool] = Counter()

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        sent[sql.startswith(AROUND)] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        run_case(bench_case)
    note = f"and {sent[True]} savepoints taken or released; what a page reads to be drawn comes on top"
    tell(Figure("cases", "SQL statements of a whole case", sent[False], "", "≤ 110", note))


def compare(workers: int, bench_shop: BenchShop, script: Script, model: list[Key]) -> None:
    """Both sides in turn, round by round; the figure is the median of the rounds' ratios."""
    sides = {"product": partial(by_product, bench_shop), "sql": partial(by_plain_sql, script, model)}
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(ROUNDS):
        for name, side in sides.items():
            rates[name].append(cases_per_second(side, workers))
    ratio = statistics.median(ours / bare for ours, bare in zip(rates["product"], rates["sql"], strict=True))
    of = f"{workers} worker{'s' if workers > 1 else ''}"
    for name, title in (("product", "by the product's actions"), ("sql", "by bare psycopg")):
        tell(Figure("cases", f"cases {title}, {of}", round(statistics.median(rates[name]), 1), "/s"))
    note = "the actions read and lock before they write, and hash what they write; bare psycopg only writes"
    tell(Figure("cases", f"actions against bare psycopg, {of}", round(ratio, 3), "", "≥ 0.2", note))


def cases_per_second(side: Side, workers: int) -> float:
    """Cases of all workers over the time from the first one's beginning to the last one's end."""
    shares = [make_orders(WARM + CASES) for _ in range(workers)]
    connections.close_all()
    start, ends = FORK.Barrier(workers + 1), FORK.Queue()
    children = [FORK.Process(target=work, args=(side, share, start, ends)) for share in shares]
    for child in children:
        child.start()
    start.wait(timeout=120)
    began = time.perf_counter()
    last = max(ends.get(timeout=PATIENCE) for _ in children)
    for child in children:
        child.join()
    return workers * CASES / (last - began)


def work(side: Side, share: list[int], start: Barrier, ends: Any) -> None:
    """A worker: a few cases to get warm, then its share."""
    one = side(share)
    for order in share[:WARM]:
        one(order)
    start.wait(timeout=120)
    for order in share[WARM:]:
        one(order)
    ends.put(time.perf_counter())


def by_product(bench_shop: BenchShop, orders: list[int]) -> Callable[[int], None]:
    """A case of the order with this key by the product's actions."""
    found = Order.objects.select_related("customer").in_bulk(orders)
    return lambda order: run_case(BenchCase(bench_shop, found[order]))


def by_plain_sql(script: Script, model: list[Key], orders: list[int]) -> Callable[[int], None]:
    """The same by the bare program."""
    keys = keys_of(orders)
    limit = PlainSql(script, model, postgres.dsn())
    return lambda order: limit.run(key for _table, key in keys[order])


def keys_of(orders: list[int]) -> dict[int, list[Key]]:
    """What the case of each order is about: the order, its line, its payment, its customer."""
    rows = Order.objects.filter(pk__in=orders).values_list("pk", "lines__pk", "payments__pk", "customer")
    tables = ("signoff_order", "signoff_orderline", "signoff_payment", "signoff_customer")
    return {row[0]: [(table, str(key)) for table, key in zip(tables, row, strict=True)] for row in rows}
