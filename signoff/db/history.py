"""Save a row and its history row by one SQL statement, compiled once per model.

django-simple-history does it by a signal, with two statements that the ORM builds anew at each save. The rows are
the same; docs/decisions/0025-one-statement-per-row-and-history.md has the measurements.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models
from simple_history.utils import get_history_manager_for_model, get_history_model_for_model

from signoff.db.prepared.statements import allow_prepare
from signoff.db.required import required


@dataclass(frozen=True)
class TableColumns:
    """The columns of a table without its primary key, with SQL to insert and to update a row."""

    table: str
    key: str
    fields: Sequence[models.Field]

    @property
    def columns(self) -> str:
        return ", ".join(f'"{field.column}"' for field in self.fields)

    @property
    def marks(self) -> str:
        return ", ".join(["%s"] * len(self.fields))

    @property
    def typed_marks(self) -> str:
        """Placeholders with casts, for SELECT lists; without a length, because a cast to varchar(n) truncates."""
        return ", ".join(f"%s::{required(field.db_type(connection)).partition('(')[0]}" for field in self.fields)

    def without(self, *columns: str) -> "TableColumns":
        """The same table without columns that the database or the SQL fills."""
        return TableColumns(self.table, self.key, [field for field in self.fields if field.column not in columns])

    @functools.cached_property
    def insert(self) -> str:
        text = f'INSERT INTO "{self.table}" ({self.columns}) VALUES ({self.marks}) RETURNING "{self.key}"'  # noqa: S608 - the model's own names
        return allow_prepare(text)

    @property
    def changes(self) -> str:
        """Assignments of all columns."""
        return ", ".join(f'"{field.column}" = %s' for field in self.fields)

    @functools.cached_property
    def update(self) -> str:
        return allow_prepare(f'UPDATE "{self.table}" SET {self.changes} WHERE "{self.key}" = %s RETURNING "{self.key}"')  # noqa: S608

    def values(self, row: Any) -> list[Any]:
        """Values of ``row`` for the columns, as the database adapter takes them."""
        return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in self.fields]

    def new_values(self, row: Any) -> list[Any]:
        """The same for a new row, after the ``pre_save`` of its fields."""
        return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in self.fields]


@functools.cache
def table_columns(model: type[models.Model]) -> TableColumns:
    """The columns of a model's table."""
    own = [field for field in model._meta.concrete_fields if not field.primary_key]
    return TableColumns(model._meta.db_table, required(model._meta.pk.column), own)


@functools.cache
def history_model(model: type[models.Model]) -> type[models.Model]:
    """The model of the history rows."""
    return get_history_model_for_model(model)


def save_with_history(row: models.Model, *, by: User | None, now: datetime, why: str | None = None) -> None:
    """Save all columns of ``row``, new or changed, and insert a history row with user, time and reason.

    A changed row is locked by the caller. Signals of the model are not sent.
    """
    model, new = type(row), row._state.adding
    past = history_row(row, kind="+" if new else "~", by=by, now=now, why=why)
    values, history_values = table_columns(model).values(row), history_columns(model).values(past)
    with connection.cursor() as cursor:
        if new:
            cursor.execute(_save_sql(model)[0], [*values, *history_values])
        else:
            cursor.execute(_save_sql(model)[1], [*values, row.pk, *history_values])
        saved = cursor.fetchone()
    if saved is None:
        raise _does_not_exist(row)
    row.pk = saved[0]
    row._state.adding, row._state.db = False, connection.alias


def insert(*rows: models.Model) -> None:
    """Insert new rows of models without history. Signals of the model are not sent."""
    for row in rows:
        table = table_columns(type(row))
        with connection.cursor() as cursor:
            cursor.execute(
                table.insert, [field.get_db_prep_save(field.pre_save(row, True), connection) for field in table.fields]
            )
            row.pk = cursor.fetchone()[0]
        row._state.adding, row._state.db = False, connection.alias


def update_all_columns(row: models.Model) -> None:
    """Update all columns of a row without history. Signals of the model are not sent."""
    table = table_columns(type(row))
    with connection.cursor() as cursor:
        cursor.execute(table.update, [*table.values(row), row.pk])
        if cursor.rowcount != 1:
            raise _does_not_exist(row)


def _does_not_exist(row: models.Model) -> ObjectDoesNotExist:
    return type(row).DoesNotExist(row.pk)  # type: ignore[attr-defined]  # the stubs give it to concrete models only


def history_row(row: models.Model, *, kind: str, by: User | None, now: datetime, why: str | None) -> Any:
    """The unsaved history row of ``row``; ``kind`` is "+" for a new row, "~" for a change."""
    history = history_model(type(row))
    copied = {field.attname: getattr(row, field.attname) for field in _tracked_fields(type(row))}
    return history(
        **copied, history_date=now, history_type=kind, history_change_reason=why, history_user_id=by.pk if by else None
    )


@functools.cache
def _tracked_fields(model: type[models.Model]) -> Sequence[models.Field]:
    """The fields that the history copies."""
    return get_history_manager_for_model(model).model.tracked_fields


@functools.cache
def _save_sql(model: type[models.Model]) -> tuple[str, str]:
    """SQL to insert a row with its history row, and to update one with it."""
    own, past = table_columns(model), history_columns(model)
    history_insert = (
        f'INSERT INTO "{past.table}" ("{own.key}", {past.columns}) '  # noqa: S608 - the models' own names
        f'SELECT saved."{own.key}", {past.typed_marks} FROM saved RETURNING "{own.key}"'
    )
    return allow_prepare(f"WITH saved AS ({own.insert}) {history_insert}"), allow_prepare(
        f"WITH saved AS ({own.update}) {history_insert}"
    )


@functools.cache
def history_columns(model: type[models.Model]) -> TableColumns:
    """Columns of the history table without the copied key, which the SQL takes from the row itself."""
    return table_columns(history_model(model)).without(table_columns(model).key)
