"""Numbers on a page that are counted only so far."""

from collections.abc import Mapping

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

LIMIT = 1000


def shown(count: int, *, limit: int = LIMIT) -> str:
    """``count`` as a page says it: "1000+" beyond the limit."""
    return f"{limit}+" if count > limit else str(count)


def count_each(wanted: Mapping[str, QuerySet], *, limit: int = LIMIT) -> dict[str, int]:
    """How many rows each queryset has, each counted to ``limit`` + 1, all by one statement."""
    statements, values = dict[str, str](), list[object]()
    for name, rows in wanted.items():
        try:
            rows = rows if rows.query.is_sliced else rows.order_by()
            sql, parameters = rows.values("pk")[: limit + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        statements[name] = f"(SELECT count(*) FROM ({sql}) AS counted)"  # noqa: S608 - the ORM's own
        values += parameters
    if not statements:
        return dict.fromkeys(wanted, 0)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(statements.values())}", values)
        counts = dict(zip(statements, cursor.fetchone(), strict=True))
    return {name: counts.get(name, 0) for name in wanted}
