"""SQL of the logbook: reading entries, locking a case, and writing an entry together with the case's new state.

Keys and the number of the transaction are given by the database: no hash covers them.
"""

import functools
from dataclasses import astuple, dataclass
from typing import Any

from django.db import connection

from returns.models import Case, LogEntry
from signoff.db.history import TableColumns, history_columns, table_columns
from signoff.db.prepared.batch import is_prefetched
from signoff.db.prepared.compiled import CompiledQuery
from signoff.db.prepared.statements import allow_prepare
from signoff.models import OrderLine

_LINES = CompiledQuery(
    lambda case: (
        OrderLine.objects.select_for_update(of=["self"]).filter(case_lines__case=case).order_by("pk").values_list("pk")
    )
)


def log_of(case: Case) -> list[LogEntry]:
    """The logbook in its order, each entry with its author; one query, or none where the log is prefetched."""
    return list(case.log.all() if is_prefetched(case, "log") else case.log.select_related("by").order_by("seq"))


def select_for_update(key: int) -> Case:
    """The case with this primary key, its row locked. Raises ``Case.DoesNotExist``."""
    with connection.cursor() as cursor:
        cursor.execute(_statements().lock, [key])
        row = cursor.fetchone()
    if row is None:
        raise Case.DoesNotExist(key)
    return Case.from_db(connection.alias, [field.attname for field in Case._meta.concrete_fields], row)


def lock_order_lines(case: Case) -> None:
    """Lock the order lines of ``case``, by key."""
    _LINES.all(case.pk)


def next_serial() -> int:
    """The running number of a new case, from which its own number is made."""
    with connection.cursor() as cursor:
        cursor.execute(_statements().serial)
        return cursor.fetchone()[0]


def insert_note(entry: LogEntry) -> None:
    """Insert an entry without a history row, and update number and hash of the last entry on its case."""
    case = entry.case
    _write(_statements().noted, entry, [*_noted_shape().values(entry), case.seq, case.head, case.pk])


def insert_case(entry: LogEntry, past: Any) -> None:
    """Insert the entry's new case, the history row ``past`` and the entry; the case gets its key."""
    case = entry.case
    _write(_statements().opened, entry, [*table_columns(Case).values(case), *_pinned_values(entry, past)])
    case.pk = entry.case_id


def update_case(entry: LogEntry, past: Any) -> None:
    """Update all columns of the entry's case, and insert the history row ``past`` and the entry."""
    case = entry.case
    values = [case.pk, *_pinned_values(entry, past), case.pk, *table_columns(Case).values(case), case.pk]
    _write(_statements().moved, entry, values)


def _pinned_values(entry: LogEntry, past: Any) -> list[Any]:
    return [*history_columns(Case).values(past), *_pinning_shape().values(entry)]


@dataclass(frozen=True)
class Statements:
    """The SQL of this module, composed once."""

    serial: str
    lock: str
    noted: str
    opened: str
    moved: str


@functools.cache
def _noted_shape() -> TableColumns:
    """An entry without what the database gives and without the history row that a note does not have."""
    return table_columns(LogEntry).without("transaction", "history_id")


@functools.cache
def _pinning_shape() -> TableColumns:
    """An entry whose case and history row are named by SQL."""
    return _noted_shape().without("case_id")


@functools.cache
def _statements() -> Statements:
    case = table_columns(Case)
    columns = ", ".join(f'"{field.column}"' for field in Case._meta.concrete_fields)
    noted, given = _insert(_noted_shape()), "entry.case_id, entry.id, entry.history_id, entry.transaction"
    change = f'UPDATE "{case.table}" SET'
    written = f'FROM entry WHERE "{case.table}".id = %s RETURNING {given}'
    statements = Statements(
        serial="SELECT nextval('returns_case_number')",
        lock=f'SELECT {columns} FROM "{case.table}" WHERE id = %s FOR UPDATE',  # noqa: S608
        noted=f"WITH entry AS ({noted}) {change} seq = %s, head = %s {written}",
        opened=f"WITH kept AS ({case.insert}), {_pinning('(SELECT id FROM kept)')} SELECT {given} FROM entry",  # noqa: S608
        moved=f"WITH {_pinning('%s')} {change} {case.changes} {written}",
    )
    for text in astuple(statements):
        allow_prepare(text)
    return statements


def _pinning(case: str) -> str:
    """A history row, and the entry that pins it, of the case with the key ``case``."""
    past, entry = history_columns(Case), _pinning_shape()
    row = f'INSERT INTO "{past.table}" (id, {past.columns}) VALUES ({case}, {past.marks}) RETURNING history_id'  # noqa: S608
    insert = _insert(entry, "history_id, case_id", f"(SELECT history_id FROM past), {case}")  # noqa: S608
    return f"past AS ({row}), entry AS ({insert})"


def _insert(shape: TableColumns, named: str = "", values: str = "") -> str:
    columns, marks = ", ".join(filter(None, [shape.columns, named])), ", ".join(filter(None, [shape.marks, values]))
    given = "case_id, id, history_id, transaction"
    return f'INSERT INTO "{shape.table}" ({columns}) VALUES ({marks}) RETURNING {given}'  # noqa: S608


def _write(sql: str, entry: LogEntry, values: list[Any]) -> None:
    """Write the entry and its rows, and set what the database computed: keys and the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        given = cursor.fetchone()
    if given is None:
        raise Case.DoesNotExist(entry.case_id)
    entry.case_id, entry.pk, entry.history_id, entry.transaction = given
    entry._state.adding, entry._state.db = False, connection.alias
