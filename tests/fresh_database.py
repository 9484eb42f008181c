"""A database as the migrations left it, for every test that commits.

Django forgets committed rows by TRUNCATE. Here that must fail: the logbook and the ledger refuse it by
triggers that are always on, and it would also take the rows that migrations brought (roles, reasons, words).
So the migrated database is kept as a template, and a test that commits is followed by a new copy of it;
PostgreSQL makes one in about a tenth of a second.
"""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.db import connection, connections


def keep() -> None:
    """Copy the migrated database into the template."""
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_kept()}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{_kept()}" TEMPLATE "{_used()}" STRATEGY FILE_COPY')


def restore() -> None:
    """Put a new copy of the template in place of the used database; whoever still reads it is cut off."""
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE "{_used()}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{_used()}" TEMPLATE "{_kept()}" STRATEGY FILE_COPY')


def drop() -> None:
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_kept()}" WITH (FORCE)')


def wait_for_turn() -> IO[str]:
    """Hold the data folder until the returned file is closed."""
    folder = Path(os.environ["HOMEWARD_TEST"])
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "tests.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.stderr.write(f"Waiting for the other test run in {folder} …\n")
        fcntl.flock(file, fcntl.LOCK_EX)
    return file


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
