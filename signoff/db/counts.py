"""Numbers on a page that are counted only so far."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from signoff.db.prepared.compiled import built, filled

LIMIT = 1000
COUNT = "(SELECT count(*) FROM ({}) AS counted)"


def shown(count: int, *, limit: int = LIMIT) -> str:
    """``count`` as a page says it: "1000+" beyond the limit."""
    return f"{limit}+" if count > limit else str(count)


def count_each(wanted: Mapping[str, QuerySet], *, limit: int = LIMIT) -> dict[str, int]:
    """How many rows each queryset has, each counted to ``limit`` + 1, all by one statement."""
    return CappedCounts(lambda: wanted, limit=limit).each()


def first_of_each(wanted: Mapping[str, QuerySet], *, limit: int) -> dict[str, list[int]]:
    """The keys of at most ``limit`` + 1 rows of each queryset, in whatever order, all by one statement."""
    keys = _answered(*_translated(wanted, "ARRAY({})", limit))
    return {name: keys.get(name, []) for name in wanted}


class CappedCounts:
    """Numbers that stand on a page whenever it is opened, by a statement made once as that of ``Prepared`` is::

        _TABS = Counted(lambda user: {"mine": Case.objects.owned_by(user), "open": Case.objects.open()})
        counts = _TABS.each(user.pk)

    PostgreSQL plans it each time, for the best plan depends on how many there are.
    """

    def __init__(self, build: Callable[..., Mapping[str, QuerySet]], *, limit: int = LIMIT) -> None:
        self.build, self.limit = build, limit

    def each(self, *values: Any) -> dict[str, int]:
        """How many rows each queryset has for these values, each counted to ``limit`` + 1."""
        names, told, params = self._made
        counts = _answered(told, filled(params, values))
        return {name: counts.get(name, 0) for name in names}

    @cached_property
    def _made(self) -> tuple[list[str], dict[str, str], list[Any]]:
        wanted = built(self.build)
        return list(wanted), *_translated(wanted, COUNT, self.limit)


def _translated(wanted: Mapping[str, QuerySet], form: str, limit: int) -> tuple[dict[str, str], list[Any]]:
    """SQL of what ``form`` makes of each queryset's keys, and all values; one that can have no rows is left out."""
    statements, values = dict[str, str](), list[Any]()
    for name, rows in wanted.items():
        rows = rows if rows.query.is_sliced else rows.order_by()
        try:
            sql, parameters = rows.values("pk")[: limit + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        statements[name] = form.replace("{}", sql)
        values += parameters
    return statements, values


def _answered(statements: Mapping[str, str], values: Sequence[Any]) -> dict[str, Any]:
    if not statements:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(statements.values())}", values)
        return dict(zip(statements, cursor.fetchone(), strict=True))
