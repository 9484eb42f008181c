"""Many rows at once, by COPY; where other rows name them, their keys are drawn beforehand."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from signoff.db.history import history_model
from signoff.db.required import required

type Values = tuple[Any, ...]

PAST = ("history_date", "history_type", "history_change_reason")


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for so many new rows."""
    sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sequence, [model._meta.db_table, model._meta.pk.column, count])
        return [key for (key,) in cursor]


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]) -> None:
    """COPY ``rows`` into the table of ``model``; columns that are not named get their fields' defaults."""
    others = [f for f in model._meta.concrete_fields if not f.primary_key and f.attname not in columns]
    defaults = tuple(f.get_db_prep_save(f.get_default(), connection) for f in others)
    names = ", ".join(connection.ops.quote_name(name) for name in (*columns, *(required(f.column) for f in others)))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row + defaults)


def copy_with_history(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Values], *, now: datetime, why: str
) -> None:
    """The same with a history row for each; ``columns`` are all that the model has."""
    if rows:
        copy(model, columns, rows)
        copy(history_model(model), (*columns, *PAST), _past(rows, (now, "+", why)))


def _past(rows: Iterable[Values], told: Values) -> Iterator[Values]:
    return (row + told for row in rows)
