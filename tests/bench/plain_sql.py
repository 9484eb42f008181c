"""The physical limit of a case: bare psycopg that writes the same rows with the same commits, and reads nothing.

``record`` runs one case by the product's actions and notes after each commit which rows are new and which columns
have changed. ``PlainSql`` writes just that for another order, one prepared statement for each row, all as text, which
PostgreSQL reads into its columns. Only what must differ does: keys, and the values that a constraint wants unique.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import psycopg
from django.db import connection

type Row = dict[str, str | None]
type Table = dict[str, Row]  # by primary key
type Key = tuple[str, str]  # table and primary key
type Value = Callable[[dict[Key, str]], str | None]
type Statement = tuple[Key, str, list[Value]]

APPS = ("signoff", "returns", "inspection", "refunds", "feedback")
UNIQUE = ("number", "token", "idempotency_key", "provider_reference")
BY_DEFAULT = {"returns_logentry": ("transaction",)}  # the database knows the running transaction's number
TABLES = f"""
    SELECT c.relname, k.attname FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
    WHERE c.relkind = 'r' AND c.relname ~ '^({"|".join(APPS)})_' ORDER BY 1
"""  # noqa: S608
KEYS = """
    SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'
"""


@dataclass(frozen=True)
class Write:
    """One row as a commit left it: all its columns where it is new, else those that have changed."""

    table: str
    key: str
    new: bool
    values: Row


@dataclass(frozen=True)
class Script:
    """The commits of a case, and what is needed to write them for another order."""

    commits: list[list[Write]]
    keys: dict[str, str]  # table → its primary key's column
    points: dict[tuple[str, str], str]  # table and column → the table that it points to


def record(steps: Iterable[Callable[[], None]]) -> Script:
    """Take ``steps``, each one commit, and note what each has written."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        keys = dict(cursor.fetchall())
        cursor.execute(KEYS)
        points = {(table, column): target for table, column, target in cursor.fetchall()}
    points |= _of_history(keys, points)
    commits, before = [], _dump(keys)
    for step in steps:
        step()
        after = _dump(keys)
        commits.append(_in_order(_changes(before, after, keys, points), points))
        before = after
    return Script(commits, keys, points)


class PlainSql:
    """Runs cases on a connection of its own."""

    def __init__(self, script: Script, model: Iterable[Key], server: dict[str, str]) -> None:
        """``model`` names what the recorded case was about; ``run`` gets the same of another order."""
        self.model, self.connection = list(model), psycopg.connect(**server, prepare_threshold=0)
        self.commits = [[_statement(write, script) for write in commit] for commit in script.commits]

    def run(self, order: Iterable[str]) -> None:
        """Write the recorded case for the keys of ``order``, in the model's order."""
        known = dict(zip(self.model, order, strict=True))
        for commit in self.commits:
            with self.connection.transaction(), self.connection.cursor() as cursor:
                for key, text, values in commit:
                    cursor.execute(text, [value(known) for value in values])
                    if key not in known:
                        known[key] = str(cursor.fetchone()[0])


def _statement(write: Write, script: Script) -> Statement:
    """The key it is known by, its SQL, and where each of its values comes from."""
    key, primary = (write.table, write.key), script.keys[write.table]
    values = [_value(write, script.points, column, value) for column, value in write.values.items()]
    if not write.new:
        columns = ", ".join(f'"{column}" = %s' for column in write.values)
        return key, f'UPDATE {write.table} SET {columns} WHERE "{primary}" = %s', [*values, lambda known: known[key]]  # noqa: S608 - the catalogue's own names
    columns = ", ".join(f'"{column}"' for column in write.values)
    marks = ", ".join(["%s"] * len(values))
    return key, f'INSERT INTO {write.table} ({columns}) VALUES ({marks}) RETURNING "{primary}"', values  # noqa: S608


def _value(write: Write, points: dict[tuple[str, str], str], column: str, value: str | None) -> Value:
    target = points.get((write.table, column))
    if value and column in UNIQUE:
        return lambda known: secrets.token_hex(8)
    if value and target:
        return lambda known: known.get((target, value), value)
    return lambda known: value


def _of_history(keys: dict[str, str], points: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """What history rows and the logbook point to without a foreign key."""
    found = {("returns_logentry", "history_id"): "returns_historicalcase"}
    for table in keys:
        app, _, name = table.partition("_historical")
        found |= {(table, "id"): f"{app}_{name}"} if name else {}
        found |= {(table, column): to for (of, column), to in points.items() if name and of == f"{app}_{name}"}
    return found


def _dump(keys: dict[str, str]) -> dict[str, Table]:
    """Every row of the product, as text."""
    found: dict[str, Table] = {}
    with connection.cursor() as cursor:
        for table, key in keys.items():
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 - the catalogue's own names
            names = [column.name for column in cursor.description]
            cursor.execute(f"SELECT {', '.join(f'"{name}"::text' for name in names)} FROM {table}")  # noqa: S608
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            found[table] = {row[key]: row for row in rows}
    return found


def _changes(
    before: dict[str, Table], after: dict[str, Table], keys: dict[str, str], points: dict[tuple[str, str], str]
) -> Iterator[Write]:
    """Rows that are new or different; a key is the database's to give, unless it is another row's."""
    for table, rows in after.items():
        given = {keys[table]} - {column for of, column in points if of == table}
        for key, row in rows.items():
            old = before[table].get(key, {})
            told = row.keys() - {*given, *BY_DEFAULT.get(table, ())}
            values = {name: row[name] for name in sorted(told) if name not in old or old[name] != row[name]}
            if values:
                yield Write(table, key, not old, values)


def _in_order(writes: Iterable[Write], points: dict[tuple[str, str], str]) -> list[Write]:
    """New rows before those that point to them."""
    waiting, ordered = list(writes), []
    while waiting:
        new = {(write.table, write.key) for write in waiting if write.new}
        ready = [write for write in waiting if not _pointed(write, points) & new]
        ordered += ready
        waiting = [write for write in waiting if write not in ready]
    return ordered


def _pointed(write: Write, points: dict[tuple[str, str], str]) -> set[Key]:
    return {(points[write.table, name], value) for name, value in write.values.items() if (write.table, name) in points}
