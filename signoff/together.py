"""Rows of several kinds by one question: a page that tells much of one thing asks the database once for all of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg.adapt import Transformer
from psycopg.pq import Format

type Row = tuple[Any, ...]


def read_together(*asked: QuerySet, using: str = DEFAULT_DB_ALIAS) -> list[list[Any]]:
    """The instances of each queryset, in its order and with what it joins, by one statement.

    For a handful of rows each: they travel as text. What a queryset prefetches is left to the caller (``lay_out``).
    """
    parts = [_Part(rows, using) for rows in asked]
    told = [part.sql(number) for number, part in enumerate(parts) if part.statement]
    if told:
        with connections[using].cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(sql for sql, _ in told), [value for _, values in told for value in values]
            )
            found = sorted(cursor.fetchall(), key=lambda row: row[:2])
            load = _loading(cursor)
        for number, _place, values in found:
            parts[number].take(values, load)
    return [part.instances() for part in parts]


def lay_out(parents: Iterable[Model], name: str, children: Iterable[Any], *, by: str) -> None:
    """Give each parent its children as if they had been prefetched; ``by`` is the child's column with its key."""
    shares: dict[Any, list[Any]] = defaultdict(list)
    for child in children:
        shares[getattr(child, by)].append(child)
    for parent in parents:
        rows = getattr(parent, name).all()
        rows._result_cache, rows._prefetch_done = shares[parent.pk], True
        parent.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


def is_laid_out(parent: Model, name: str) -> bool:
    """Whether ``parent.<name>.all()`` asks nothing more."""
    return name in getattr(parent, "_prefetched_objects_cache", {})


class _Part:
    """One queryset: its statement, and the rows that came back for it."""

    def __init__(self, rows: QuerySet, using: str) -> None:
        self.queryset, self.rows = rows.using(using), list[Row]()
        self.compiler: SQLCompiler = rows.query.get_compiler(using=using)
        try:
            self.statement, self.values = self.compiler.as_sql()
        except EmptyResultSet:
            self.statement, self.values = "", ()

    def sql(self, number: int) -> tuple[str, Sequence[Any]]:
        """Numbered rows whose columns are texts, so that different kinds fit under one another."""
        columns = [f"c{place}" for place in range(len(self.compiler.select))]
        texts = ", ".join(f"{column}::text" for column in columns)
        named = ", ".join(columns)
        return (
            f"SELECT {number}, row_number() OVER (), ARRAY[{texts}] FROM ({self.statement}) AS part ({named})",  # noqa: S608 - the ORM's own
            self.values,
        )

    def take(self, texts: Sequence[str | None], load: Callable[[Field, str | None], Any]) -> None:
        fields = [column.output_field for column, _sql, _alias in self.compiler.select]
        self.rows.append(tuple(load(field, text) for field, text in zip(fields, texts, strict=True)))

    def instances(self) -> list[Any]:
        """As Django makes them from rows, with this part's rows in the place of an answer."""
        if not self.rows:
            return []
        compiler = self.compiler
        compiler.execute_sql = lambda *_args, **_options: [self.rows]  # type: ignore[method-assign]
        query = self.queryset.query
        query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]
        return list(self.queryset._iterable_class(self.queryset))


def _loading(cursor: Any) -> Callable[[Field, str | None], Any]:
    """From a column's text to what the driver would have made of it."""
    connection = cursor.db
    transformer = Transformer(connection.connection)
    loaders: dict[str, Any] = {}

    def load(field: Field, text: str | None) -> Any:
        if text is None:
            return None
        kind = (field.db_type(connection) or "text").partition("(")[0]
        if kind not in loaders:
            oid = transformer.adapters.types[kind].oid
            loaders[kind] = transformer.get_loader(oid, Format.TEXT)
        return loaders[kind].load(text.encode())

    return load
