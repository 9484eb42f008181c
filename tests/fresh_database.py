"""A database as the migrations left it, made quickly: for every test run, and after every test that commits.

Django forgets committed rows by TRUNCATE. Here that must fail: the logbook and the ledger refuse it by
triggers that are always on, and it would also take the rows that migrations brought (roles, reasons, words).
So a migrated database is kept as a template, and the database of a test run is a copy of it, made anew after
each test that commits; PostgreSQL does that in about a tenth of a second. The template's name tells what it
was made from, so it serves until a migration or a model changes, and all workers of a run share it.
"""

import fcntl
import functools
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

APPS = ("config", "feedback", "refunds", "inspection", "returns", "signoff")
SOURCES = ("migrations/*.py", "models.py", "models/**/*.py", "extensions.py", "db/roles.py", "**/*.toml")


def begin() -> None:
    """From now on Django's connection leads to a fresh database of this process."""
    used = connection.creation._get_test_db_name()
    with _locked(settings.DATA_DIR / "template.lock"):
        _make_template()
    _use(used)
    restore()


def restore() -> None:
    """Put a new copy of the template in place of the used database; whoever still reads it is cut off."""
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_used()}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{_used()}" TEMPLATE "{_template()}" STRATEGY FILE_COPY')


def end() -> None:
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_used()}" WITH (FORCE)')


@contextmanager
def turn() -> Iterator[None]:
    """Two test runs on the same data folder come one after the other."""
    folder = Path(os.environ["HOMEWARD_TEST"])
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "tests.lock", waiting=f"Waiting for the other test run in {folder} …"):
        yield


def _make_template() -> None:
    """Migrate a new database unless that was done before; older templates go."""
    draft = "migrated_draft"
    with _server() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated%%'")
        found = {name for (name,) in cursor.fetchall()}
        if _template() in found:
            return
        for name in found:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{draft}"')
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {settings.DATABASE_ROLE} LOGIN")
    _use(draft)
    call_command("migrate", verbosity=0)
    with _server() as cursor:
        cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{_template()}"')


@functools.cache
def _template() -> str:
    """The name of the template that fits the code as it is now."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for app in APPS:
        for pattern in SOURCES:
            for path in sorted((settings.BASE_DIR / app).glob(pattern)):
                digest.update(str(path).encode() + path.read_bytes())
    return f"migrated_{digest.hexdigest()[:12]}"


def _use(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _used() -> str:
    return str(connection.settings_dict["NAME"])


@contextmanager
def _server() -> Iterator[Any]:
    """A cursor on the server's own database, with all sessions on ours closed."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        yield cursor


@contextmanager
def _locked(path: Path, *, waiting: str = "") -> Iterator[IO[str]]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write(f"{waiting}\n" if waiting else "")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file
