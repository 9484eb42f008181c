"""Conditions for any queryset that Django has no lookup for."""

from collections.abc import Collection
from typing import Any

from django.db import models


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
