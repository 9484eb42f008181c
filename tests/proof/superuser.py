"""What the owner of the database can do: disable triggers, change rows, recompute hash chains."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from refunds.ledger import booking
from refunds.ledger.audit.evidence import STEERING
from refunds.models import Entry, Refund
from returns.logbook import writer
from returns.models import Case, LogEntry

CHAINED: dict[type[models.Model], Any] = {LogEntry: writer.entry_hash, Entry: booking.entry_hash}


def sql(statement: str, *values: Any) -> int:
    """Run a statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


@contextmanager
def unguarded(*tables: str) -> Iterator[None]:
    """No trigger and no foreign key of ``tables`` speaks up."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    yield
    for table in tables:
        sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def cut(model: type[models.Model], condition: str, *values: Any) -> None:
    """Delete rows of a guarded table."""
    table = model._meta.db_table
    with unguarded(table):
        assert sql(f"DELETE FROM {table} WHERE {condition}", *values)  # noqa: S608 - names of this suite


def rehash(model: type[models.Model], case: Case) -> None:
    """Compute the case's chain anew, so that it agrees with itself, and the head that the case remembers."""
    table, seq, previous = model._meta.db_table, 0, ""
    with unguarded(table, "returns_case"):
        for entry in model.objects.filter(case=case).order_by("seq"):
            seq += 1
            entry.seq, entry.previous = seq, previous
            previous = entry.hash = CHAINED[model](entry)
            sql(
                f"UPDATE {table} SET seq = %s, previous = %s, hash = %s WHERE id = %s",  # noqa: S608
                *(entry.seq, entry.previous, entry.hash, entry.pk),
            )
        if model is LogEntry:
            last = LogEntry.objects.filter(case=case).order_by("seq").last()
            sql(
                "UPDATE returns_case SET seq = %s, head = %s, status = %s WHERE id = %s",
                *(seq, previous, last.target, case.pk),
            )


def erase(case: Case) -> None:
    """The case never existed: every row that speaks of it goes, its history as well."""
    with unguarded("returns_case", "returns_logentry", "refunds_entry"):
        sql("SET session_replication_role = replica")
        for table, column in _speaking_of_cases():
            with unguarded(table):
                sql(f"DELETE FROM {table} WHERE {column} = %s", case.pk)  # noqa: S608
        sql("DELETE FROM returns_historicalcase WHERE id = %s", case.pk)
        sql("DELETE FROM returns_case WHERE id = %s", case.pk)
        sql("SET session_replication_role = origin")


def _speaking_of_cases() -> list[tuple[str, str]]:
    rows = [relation for relation in Case._meta.related_objects if not relation.many_to_many]
    return [(relation.related_model._meta.db_table, relation.field.column) for relation in rows]


UNIQUE = """
    SELECT indexname FROM pg_indexes
    WHERE tablename = %s AND indexdef LIKE 'CREATE UNIQUE%%' AND indexname NOT LIKE '%%_pkey'
"""
TEXT = "overlay(coalesce(nullif({0}, ''), ' ') placing CASE left({0}, 1) WHEN 'Q' THEN 'R' ELSE 'Q' END from 1)"
CHANGES: dict[type[models.Field], str] = {
    models.BooleanField: "NOT {0}",
    models.JSONField: """CASE WHEN jsonb_typeof({0}) = 'array' THEN {0} || '[1]' ELSE {0} || '{{"pictures": 3}}' END""",
    models.DateTimeField: "coalesce({0}, now()) + interval '1 microsecond'",
    models.DecimalField: "{0} + 0.001",
    models.IntegerField: "coalesce({0}, 0) + 10000",
    models.ForeignKey: "coalesce({0}, 0) + 10000",
    models.CharField: TEXT,
    models.TextField: TEXT,
    models.FileField: TEXT,
    models.UUIDField: "gen_random_uuid()",
}


def change_of(field: models.Field) -> str:
    """A change of the smallest kind, as SQL; fails for a type nobody has thought of."""
    if field.get_internal_type() == "UnitsField":
        return "coalesce({0}, '{{}}') + '{{[90,91)}}'::int4multirange"
    if field.name == "status":
        return "CASE {0} WHEN 'rejected' THEN 'closed' ELSE 'rejected' END"
    return next(CHANGES[kind] for kind in type(field).__mro__ if kind in CHANGES)


def columns(model: type[models.Model]) -> list[models.Field]:
    """All but those that only steer a worker."""
    return [field for field in model._meta.concrete_fields if model is not Refund or field.name not in STEERING]


def tamper(row: models.Model, field: models.Field) -> None:
    table = row._meta.db_table
    with unguarded(table):
        for check in checks_of(table):
            sql(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
        change = change_of(field).format(field.column)
        key = row._meta.pk.column
        assert sql(f"UPDATE {table} SET {field.column} = {change} WHERE {key} = %s", row.pk) == 1  # noqa: S608


def checks_of(table: str) -> list[str]:
    """A superuser is not held up by a CHECK either."""
    found = rows_of("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", table)
    return [name for (name,) in found]


def rows_of(statement: str, *values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def missed(row: models.Model, is_found: Callable[[models.Field], bool]) -> list[str]:
    """The columns of the row whose change nobody notices."""
    unseen = []
    for field in columns(type(row)):
        with undone():
            tamper(row, field)
            if not is_found(field):
                unseen.append(field.column)
    return unseen
