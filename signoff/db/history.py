"""A row and its history row, written together by one statement whose text is made once for each model.

What django-simple-history does from a signal: two statements that the ORM builds anew at each save. The rows are
the same; docs/decisions/0025-one-statement-per-row-and-history.md says why.
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
    """The columns of a table but its key, with the SQL of a new row and of a change."""

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
        """Marks for where the server cannot tell a value's type from its column; without a length, which would cut."""
        return ", ".join(f"%s::{required(field.db_type(connection)).partition('(')[0]}" for field in self.fields)

    def without(self, *columns: str) -> "TableColumns":
        """The same table without some of its columns, which the database fills or SQL sets."""
        return TableColumns(self.table, self.key, [field for field in self.fields if field.column not in columns])

    @functools.cached_property
    def insert(self) -> str:
        text = f'INSERT INTO "{self.table}" ({self.columns}) VALUES ({self.marks}) RETURNING "{self.key}"'  # noqa: S608 - the model's own names
        return allow_prepare(text)

    @property
    def changes(self) -> str:
        """Every column set to a value."""
        return ", ".join(f'"{field.column}" = %s' for field in self.fields)

    @functools.cached_property
    def update(self) -> str:
        return allow_prepare(f'UPDATE "{self.table}" SET {self.changes} WHERE "{self.key}" = %s RETURNING "{self.key}"')  # noqa: S608

    def values(self, row: Any) -> list[Any]:
        """What of ``row`` goes into the columns, as the database takes it."""
        return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in self.fields]

    def new_values(self, row: Any) -> list[Any]:
        """The same of a new row, with what its fields fill in by themselves."""
        return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in self.fields]


@functools.cache
def table_columns(model: type[models.Model]) -> TableColumns:
    """The shape of a model's table, all columns but the key."""
    own = [field for field in model._meta.concrete_fields if not field.primary_key]
    return TableColumns(model._meta.db_table, required(model._meta.pk.column), own)


@functools.cache
def history_model(model: type[models.Model]) -> type[models.Model]:
    """The model of its history rows."""
    return get_history_model_for_model(model)


def save_with_history(row: models.Model, *, by: User | None, now: datetime, why: str | None = None) -> None:
    """Save all columns of ``row``, new or changed, with a history row that tells who, when and why.

    A changed row is locked by the caller. Signals of the model are not sent.
    """
    model, new = type(row), row._state.adding
    past = history_row(row, kind="+" if new else "~", by=by, now=now, why=why)
    values, told = table_columns(model).values(row), past_shape(model).values(past)
    with connection.cursor() as cursor:
        if new:
            cursor.execute(_texts(model)[0], [*values, *told])
        else:
            cursor.execute(_texts(model)[1], [*values, row.pk, *told])
        found = cursor.fetchone()
    if found is None:
        raise _gone(row)
    row.pk = found[0]
    row._state.adding, row._state.db = False, connection.alias


def insert(*rows: models.Model) -> None:
    """Save new rows of a model without history, as they are. Signals of the model are not sent."""
    for row in rows:
        shape = table_columns(type(row))
        with connection.cursor() as cursor:
            cursor.execute(
                shape.insert, [field.get_db_prep_save(field.pre_save(row, True), connection) for field in shape.fields]
            )
            row.pk = cursor.fetchone()[0]
        row._state.adding, row._state.db = False, connection.alias


def update_all_columns(row: models.Model) -> None:
    """Save all columns of a row without history that is there. Signals of the model are not sent."""
    shape = table_columns(type(row))
    with connection.cursor() as cursor:
        cursor.execute(shape.update, [*shape.values(row), row.pk])
        if cursor.rowcount != 1:
            raise _gone(row)


def _gone(row: models.Model) -> ObjectDoesNotExist:
    return type(row).DoesNotExist(row.pk)  # type: ignore[attr-defined]  # the stubs give it to concrete models only


def history_row(row: models.Model, *, kind: str, by: User | None, now: datetime, why: str | None) -> Any:
    """The history row of ``row`` as it is now, not saved yet; ``kind`` is "+" for a new row, "~" for a change."""
    history = history_model(type(row))
    copied = {field.attname: getattr(row, field.attname) for field in _tracked_fields(type(row))}
    return history(
        **copied, history_date=now, history_type=kind, history_change_reason=why, history_user_id=by.pk if by else None
    )


@functools.cache
def _tracked_fields(model: type[models.Model]) -> Sequence[models.Field]:
    """The fields that its history copies."""
    return get_history_manager_for_model(model).model.tracked_fields


@functools.cache
def _texts(model: type[models.Model]) -> tuple[str, str]:
    """The SQL of a new row with its history row, and of a changed one with its."""
    own, past = table_columns(model), past_shape(model)
    then = (
        f'INSERT INTO "{past.table}" ("{own.key}", {past.columns}) '  # noqa: S608 - the models' own names
        f'SELECT kept."{own.key}", {past.typed_marks} FROM kept RETURNING "{own.key}"'
    )
    return allow_prepare(f"WITH kept AS ({own.insert}) {then}"), allow_prepare(f"WITH kept AS ({own.update}) {then}")


@functools.cache
def past_shape(model: type[models.Model]) -> TableColumns:
    """The shape of its history without the copy of the key, which comes from the row itself."""
    return table_columns(history_model(model)).without(table_columns(model).key)
