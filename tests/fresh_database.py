"""A database as the migrations left it, for every test that commits.

Django forgets committed rows by TRUNCATE. Here that must fail: the logbook and the ledger refuse it by
triggers that are always on, and it would also take the rows that migrations brought (roles, reasons, words).
So the migrated database is kept as a template, and a test that commits is followed by a new copy of it;
PostgreSQL makes one in about 50 ms.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections

from config import embedded


def keep() -> None:
    """Copy the migrated database into the template."""
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_kept()}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{_kept()}" TEMPLATE "{_used()}"')


def restore() -> None:
    """Put a new copy of the template in place of the used database; whoever still reads it is cut off."""
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE "{_used()}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{_used()}" TEMPLATE "{_kept()}"')


def drop() -> None:
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_kept()}" WITH (FORCE)')


def somebody_else_is_here() -> bool:
    """Whether the embedded server serves another test run at this moment."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    try:
        with psycopg.connect(**embedded.dsn()) as session:
            return bool(session.execute(others).fetchone()[0])
    except psycopg.OperationalError:
        return False


def _used() -> str:
    return str(connection.settings_dict["NAME"])


def _kept() -> str:
    return f"{_used()}_kept"


@contextmanager
def _server() -> Iterator[Any]:
    """A cursor on the server's own database, with all sessions on ours closed."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        yield cursor
