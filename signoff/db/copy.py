"""Insert many rows by COPY; keys that other rows refer to are reserved beforehand."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from signoff.db.history import history_model
from signoff.db.required import required

type Values = tuple[Any, ...]

HISTORY_COLUMNS = ("history_date", "history_type", "history_change_reason")


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """Draw ``count`` primary keys from the model's sequence."""
    sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sequence, [model._meta.db_table, model._meta.pk.column, count])
        return [key for (key,) in cursor]


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]) -> None:
    """COPY ``rows`` into the table of ``model``; columns that are not named get their fields' defaults."""
    defaulted = [f for f in model._meta.concrete_fields if not f.primary_key and f.attname not in columns]
    defaults = tuple(f.get_db_prep_save(f.get_default(), connection) for f in defaulted)
    names = ", ".join(connection.ops.quote_name(name) for name in (*columns, *(required(f.column) for f in defaulted)))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row + defaults)


def copy_with_history(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Values], *, now: datetime, why: str
) -> None:
    """The same with a history row for each; ``columns`` are all columns of the model."""
    if rows:
        copy(model, columns, rows)
        copy(history_model(model), (*columns, *HISTORY_COLUMNS), _history_rows(rows, (now, "+", why)))


def _history_rows(rows: Iterable[Values], extra: Values) -> Iterator[Values]:
    return (row + extra for row in rows)
