"""(f) Refunds paid per second by the workers' job, beside bare psycopg that writes the same rows."""

import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from config.runtime import postgres
from refunds.models import Refund
from refunds.payouts import worker
from tests.bench.plain_sql import Key, PlainSql, Script, record
from tests.factories.settlements import make_refund
from tests.figures import Figure
from tests.figures import record as tell
from tests.proof.refund_copies import copies_of

ROUNDS, REFUNDS, WARM = 3, 40, 5
WORKERS = (1, 4)
AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
TABLES = ("refunds_refund", "returns_case", "signoff_order", "signoff_orderline", "signoff_payment")
TABLES += ("refunds_resolution", "returns_line")
COLUMNS = ("pk", "case", "case__order", "case__lines__order_line", "payment", "resolution", "case__lines")
FORK = multiprocessing.get_context("fork")

type Side = Callable[[list[int]], Callable[[], object]]


def measure() -> None:
    """Statements of a payout, and refunds paid per second by both sides."""
    pattern = make_refund(gateway="store_credit")
    Refund.objects.update(due_at=pattern.due_at + timedelta(days=1))  # copied, never paid
    first, warm, counted = copies_of(pattern, 3)
    worker.pay(warm)
    script, model = recorded(first)
    count_statements(counted)
    rows = sum(len(commit) for commit in script.commits)
    tell(Figure("payouts", "rows that a payout writes", rows, "", "", f"in {len(script.commits)} commits"))
    for workers in WORKERS:
        compare(workers, pattern, script, model)


def recorded(refund: Refund) -> tuple[Script, list[Key]]:
    """What a payout writes, and the keys of what it is about."""
    claimed: list[Refund] = []
    steps = (
        lambda: claimed.append(worker.claim(refund.due_at, only=refund)),
        lambda: worker.settle(claimed[0], worker.call(claimed[0], now=refund.due_at)),
    )
    return record(steps), keys_of([refund.pk])[0]


def count_statements(refund: Refund) -> None:
    """How many statements a payout sends, and how many only begin or end transactions."""
    sent: Counter[bool] = Counter()

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        sent[sql.startswith(AROUND)] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        worker.answer(worker.claim(refund.due_at, only=refund))
    note = "in two transactions; the last refund of a case also resolves it"
    tell(Figure("payouts", "SQL statements of a payout by store credit", sent[False], "", "", note))


def compare(workers: int, pattern: Refund, script: Script, model: list[Key]) -> None:
    """Both sides in turn, round by round; the figure is the median of the rounds' ratios."""
    sides: dict[str, Side] = {"worker": by_worker, "sql": partial(by_plain_sql, script, model)}
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(ROUNDS):
        for name, side in sides.items():
            rates[name].append(paid_per_second(side, workers, pattern))
    ratio = statistics.median(ours / bare for ours, bare in zip(rates["worker"], rates["sql"], strict=True))
    of = f"{workers} worker{'s' if workers > 1 else ''}"
    for name, title in (("worker", "paid by the workers' job"), ("sql", "written by bare psycopg")):
        tell(Figure("payouts", f"refunds {title}, {of}", round(statistics.median(rates[name]), 1), "/s"))
    note = "Python that builds statements and rows is what the job waits for; bare psycopg reads and locks nothing"
    tell(Figure("payouts", f"refunds paid against bare psycopg, {of}", round(ratio, 3), "", "", note))


def paid_per_second(side: Side, workers: int, pattern: Refund) -> float:
    """Refunds over the time from the first worker's beginning to the last one's end."""
    shares = [[refund.pk for refund in copies_of(pattern, WARM + REFUNDS)] for _ in range(workers)]
    connections.close_all()
    start, ends = FORK.Barrier(workers + 1), FORK.SimpleQueue()
    children = [FORK.Process(target=work, args=(side, share, start, ends)) for share in shares]
    for child in children:
        child.start()
    start.wait(timeout=120)
    began = time.perf_counter()
    last = max(ends.get() for _ in children)
    for child in children:
        child.join()
    return workers * REFUNDS / (last - began)


def work(side: Side, share: list[int], start: Barrier, ends: Any) -> None:
    """A worker: a few refunds to get warm, then as many as everybody."""
    one = side(share)
    for _ in range(WARM):
        one()
    start.wait(timeout=120)
    for _ in range(REFUNDS):
        one()
    ends.put(time.perf_counter())


def by_worker(share: list[int]) -> Callable[[], object]:
    """The next refund of the common queue, as the job takes it."""

    def one() -> None:
        refund = worker.claim(timezone.now())
        worker.answer(refund)

    return one


def by_plain_sql(script: Script, model: list[Key], share: list[int]) -> Callable[[], object]:
    """The next of the worker's own share by the bare program."""
    limit, waiting = PlainSql(script, model, postgres.dsn()), iter(keys_of(share))
    return lambda: limit.run(key for _table, key in next(waiting))


def keys_of(refunds: list[int]) -> list[list[Key]]:
    """What the payout of each refund is about."""
    rows = Refund.objects.filter(pk__in=refunds).values_list(*COLUMNS)
    return [[(table, str(key)) for table, key in zip(TABLES, row, strict=True)] for row in rows]
