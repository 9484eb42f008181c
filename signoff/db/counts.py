"""Counts that stop at a limit, because counting a million rows to write a number takes seconds."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from signoff.db.prepared.compiled import built, filled

LIMIT = 1000
COUNT = "(SELECT count(*) FROM ({}) AS counted)"


def capped_label(count: int, *, limit: int = LIMIT) -> str:
    """``count`` for display: "1000+" beyond the limit."""
    return f"{limit}+" if count > limit else str(count)


def count_each(querysets: Mapping[str, QuerySet], *, limit: int = LIMIT) -> dict[str, int]:
    """The number of rows of each queryset, counted up to ``limit`` + 1, by one SQL statement."""
    return CappedCounts(lambda: querysets, limit=limit).fetch()


def first_of_each(querysets: Mapping[str, QuerySet], *, limit: int) -> dict[str, list[int]]:
    """Primary keys of at most ``limit`` + 1 rows of each queryset, in no order, by one SQL statement."""
    keys = _execute(*_compile(querysets, "ARRAY({})", limit))
    return {name: keys.get(name, []) for name in querysets}


class CappedCounts:
    """Several counts by one SQL statement, compiled once like a ``CompiledQuery``::

        _TABS = CappedCounts(lambda user: {"mine": Case.objects.owned_by(user), "open": Case.objects.open()})
        counts = _TABS.fetch(user.pk)

    PostgreSQL plans it each time, because the best plan depends on the number of rows.
    """

    def __init__(self, build: Callable[..., Mapping[str, QuerySet]], *, limit: int = LIMIT) -> None:
        self.build, self.limit = build, limit

    def fetch(self, *values: Any) -> dict[str, int]:
        """The number of rows of each queryset for these values, counted up to ``limit`` + 1."""
        names, statements, params = self._compiled
        counts = _execute(statements, filled(params, values))
        return {name: counts.get(name, 0) for name in names}

    @cached_property
    def _compiled(self) -> tuple[list[str], dict[str, str], list[Any]]:
        querysets = built(self.build)
        return list(querysets), *_compile(querysets, COUNT, self.limit)


def _compile(querysets: Mapping[str, QuerySet], form: str, limit: int) -> tuple[dict[str, str], list[Any]]:
    """``form`` filled with the SQL of each queryset's keys, and all parameters; without those that have no rows."""
    statements, values = dict[str, str](), list[Any]()
    for name, rows in querysets.items():
        rows = rows if rows.query.is_sliced else rows.order_by()
        try:
            sql, parameters = rows.values("pk")[: limit + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        statements[name] = form.replace("{}", sql)
        values += parameters
    return statements, values


def _execute(statements: Mapping[str, str], values: Sequence[Any]) -> dict[str, Any]:
    if not statements:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(statements.values())}", values)
        return dict(zip(statements, cursor.fetchone(), strict=True))
