"""Numbers on a page that are counted only so far."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

LIMIT = 1000


def shown(count: int, *, limit: int = LIMIT) -> str:
    """``count`` as a page says it: "1000+" beyond the limit."""
    return f"{limit}+" if count > limit else str(count)


def count_each(wanted: Mapping[str, QuerySet], *, limit: int = LIMIT) -> dict[str, int]:
    """How many rows each queryset has, each counted to ``limit`` + 1, all by one statement."""
    counts = _each(wanted, "(SELECT count(*) FROM ({}) AS counted)", limit)
    return {name: counts.get(name, 0) for name in wanted}


def first_of_each(wanted: Mapping[str, QuerySet], *, limit: int) -> dict[str, list[int]]:
    """The keys of at most ``limit`` + 1 rows of each queryset, in whatever order, all by one statement."""
    keys = _each(wanted, "ARRAY({})", limit)
    return {name: keys.get(name, []) for name in wanted}


def _each(wanted: Mapping[str, QuerySet], form: str, limit: int) -> dict[str, Any]:
    """What ``form`` makes of the keys of each queryset; one that can have no rows is left out."""
    statements, values = dict[str, str](), list[object]()
    for name, rows in wanted.items():
        rows = rows if rows.query.is_sliced else rows.order_by()
        try:
            sql, parameters = rows.values("pk")[: limit + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        statements[name] = form.replace("{}", sql)
        values += parameters
    if not statements:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(statements.values())}", values)
        return dict(zip(statements, cursor.fetchone(), strict=True))
