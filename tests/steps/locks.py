"""Rows locked by one session, and actions that wait for them: races with a known order.

Each action has a thread and a session of its own; PostgreSQL gives a row to those who wait for it in their order.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error, OperationalError, connection, transaction
from django.db.models import Model
from django_fsm import TransitionNotAllowed

from config.runtime import postgres
from refunds.ledger.caps import ExceedsRefundable
from returns.lifecycle.unit_reservation import ExceedsOrdered

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
REFUSALS = (TransitionNotAllowed, ExceedsRefundable, ExceedsOrdered, Error)
type Action = Callable[[], Any]
type Execute = Callable[..., Any]


@contextmanager
def somebody() -> Iterator[psycopg.Connection[Any]]:
    """A session that holds what it selects until the block ends, and lets others give way to it."""
    database = settings.DATABASES["default"]["NAME"]
    with psycopg.connect(**postgres.dsn(database), options="-c deadlock_timeout=60s") as session:
        yield session
        session.rollback()


def hold(session: psycopg.Connection[Any], table: str, key: int) -> None:
    """Lock one row for ``session``."""
    session.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [key])  # noqa: S608 - our own tables


def until(true: Callable[[], bool]) -> None:
    """Wait until ``true`` says so; half a minute at most."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def how_many_wait() -> int:
    """How many sessions on our database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction the answer would stay the same
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


def in_turn(row: Model, *actions: Action, without: str = "") -> list[Any]:
    """What each action returned or raised, ``OperationalError`` where it gave way to a deadlock.

    While somebody holds ``row``, each begins when the last one waits or is done; then the row is free.
    ``without`` is a pattern, such as ``FOR UPDATE OF l``, that is cut out of their SQL: the negative control of a lock.
    """
    with ThreadPoolExecutor(len(actions)) as pool:
        begun: list[Future[Any]] = []
        with somebody() as holder:
            hold(holder, row._meta.db_table, row.pk)
            for action in actions:
                begun.append(pool.submit(outcome, action, without))
                until(lambda: how_many_wait() + sum(one.done() for one in begun) == len(begun))
        return [one.result() for one in begun]


def meanwhile(first: Action, second: Action, *, without: str = "") -> Any:
    """What ``second`` returned or raised, begun when ``first`` is done and not yet committed."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            begun = pool.submit(outcome, second, without)
            until(lambda: begun.done() or how_many_wait() > 0)
        return begun.result()


@contextmanager
def given_up(session: psycopg.Connection[Any], times: int) -> Iterator[list[Exception]]:
    """``session`` lets go when our connection has given up waiting for it so many ``times``; the errors so far."""
    errors: list[Exception] = []

    def execute(run: Execute, *told: Any) -> Any:
        try:
            return run(*told)
        except OperationalError as error:
            errors.append(error)
            if len(errors) == times:
                session.rollback()
            raise

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    with connection.execute_wrapper(execute):
        yield errors


def deadlocks(outcomes: Sequence[Any]) -> list[Any]:
    """Those of ``outcomes`` that gave way to a ring of locks."""
    return [one for one in outcomes if isinstance(one, OperationalError)]


def outcome(action: Action, without: str = "") -> Any:
    """What it returned or raised; a deadlock that a sweep forgives is told too."""
    rings: list[OperationalError] = []

    def execute(run: Execute, sql: Any, *told: Any) -> Any:
        try:
            return run(re.sub(without, "", sql) if without else sql, *told)
        except OperationalError as error:
            rings.append(error)
            raise

    try:
        with connection.cursor() as cursor:
            cursor.execute("SET deadlock_timeout = '100ms'")
            cursor.execute("SET lock_timeout = '30s'")  # a ring is to be found, not a wait to be ended
        with connection.execute_wrapper(execute):
            done = action()
    except REFUSALS as refusal:
        done = refusal
    finally:
        connection.close()
    return rings[0] if rings else done
