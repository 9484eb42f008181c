"""A million cases in minutes: inserted inside the database without triggers; indexes are added afterwards.

The rows keep every constraint (they are checked or built again at the end); the logbook's hashes are not real ones,
so nothing here is verified, only shown and found.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.contrib.auth.models import Group, User

HERE = Path(__file__).parent
#: what can be taken down and put up again: plain indexes and the constraints that keep an expensive one
INDEXES = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relname ~ '^(signoff|returns|inspection|refunds|feedback)_' AND NOT i.indisunique AND NOT i.indisexclusion
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid::regclass::text ~ '^(signoff|returns|inspection|refunds|feedback)_' AND contype IN ('x', 'f')
    ORDER BY contype DESC
"""
TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid::regclass::text ~ '^(signoff|returns|inspection|refunds|feedback)_'
"""
STATE = {"O": "ENABLE", "A": "ENABLE ALWAYS"}


def fill(address: dict[str, Any], *, cases: int) -> None:
    """Make ``cases`` cases with orders, customers, lines, logbook, plans, refunds, ledger and messages.

    The database is migrated and has at least twenty users; nothing else is in it.
    """
    statements = (HERE / "bulk_rows.sql").read_text().split("--;\n")
    with psycopg.connect(**address, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET max_parallel_maintenance_workers = 2")
        with _bare(connection):
            for statement in statements:
                connection.execute(psycopg.sql.SQL(statement % {"n": cases}))
        connection.execute("DROP TABLE made")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def people() -> list[User]:
    """Twenty agents; the pages are read by the first, who may do everything that a page shows."""
    found = [User.objects.create(username=f"agent{n:02}", first_name="Mei", last_name=f"Sato {n}") for n in range(20)]
    for user in found:
        user.groups.add(Group.objects.get(name="agent"))
    return found


@contextmanager
def _bare(connection: psycopg.Connection) -> Iterator[None]:
    """Without triggers, foreign keys and plain indexes, all of which are as before afterwards."""
    indexes = connection.execute(INDEXES).fetchall()
    constraints = connection.execute(CONSTRAINTS).fetchall()
    triggers = connection.execute(TRIGGERS).fetchall()
    for table, name, _state in triggers:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    for table, name, _text in constraints:
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _text in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    yield
    for _name, text in indexes:
        connection.execute(text)
    for table, name, text in constraints:
        connection.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}')
    for table, name, state in triggers:
        connection.execute(f"ALTER TABLE {table} {STATE[state]} TRIGGER {name}")
