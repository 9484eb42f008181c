"""Numbers of units as ranges: PostgreSQL's int4multirange, for which Django has no field."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from psycopg.types.multirange import Int4Multirange
from psycopg.types.range import Int4Range

Units = Sequence[tuple[int, int]]


class UnitsField(models.Field):
    """A set of unit numbers as half-open ranges, ``[(1, 3), (7, 8)]`` for units 1, 2 and 7 (int4multirange)."""

    def db_type(self, connection: Any) -> str:
        return "int4multirange"

    def get_db_prep_value(self, value: Units | None, connection: Any, prepared: bool = False) -> Any:
        if value is None or isinstance(value, Int4Multirange):
            return value
        return Int4Multirange([Int4Range(first, end) for first, end in value])

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[tuple[int, int]] | None:
        return None if value is None else [(part.lower, part.upper) for part in value]

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


def count(units: Units) -> int:
    """How many units the ranges hold."""
    return sum(end - first for first, end in units)
