"""Conditions and locks that Django's querysets have no words for."""

from collections.abc import Collection
from typing import Any

from django.db import connection, models


def any_of(column: str, values: Collection[Any] | models.Expression) -> models.Q:
    """``= ANY(…)`` for ``filter(any_of("pk", keys))``: like ``__in``, with the same SQL for any number of values."""
    if not isinstance(values, models.Expression):
        if not values:
            return models.Q(pk__in=[])  # Django sends no query then
        values = models.Value(list(values))
    operands = models.F(column), values
    return models.Q(
        models.Func(*operands, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=models.BooleanField())
    )


def claim(model: type[models.Model], key: int) -> bool:
    """Whether this transaction may work on the row, which no other one does now; claimed until it ends.

    For append-only tables: locking a row takes the right to change it, which the application does not have there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s::regclass::int, %s)", [model._meta.db_table, key % 2**31])
        return bool(cursor.fetchone()[0])
