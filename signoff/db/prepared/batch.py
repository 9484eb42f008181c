"""One SQL statement for several querysets, for pages that show many kinds of rows about one object."""

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from psycopg.adapt import Transformer
from psycopg.pq import Format

from signoff.db.prepared.compiled import built, filled, find_converters_once, instances
from signoff.db.prepared.statements import allow_prepare


class QueryBatch:
    """Fetches the querysets that ``build`` returns by one ``UNION ALL``, compiled once like a ``CompiledQuery``::

        _ORDER = QueryBatch(lambda order: (Parcel.objects.filter(order=order), Payment.objects.filter(order=order)))
        parcels, payments = _ORDER.all(order.pk)

    For a handful of rows each: columns are sent as text. ``prefetch_related`` is ignored; see ``attach_prefetched``.
    """

    def __init__(self, build: Callable[..., Sequence[QuerySet]]) -> None:
        self.build = build

    def all(self, *values: Any) -> list[list[Any]]:
        """The instances of each queryset for these arguments, in its order, with its ``select_related``."""
        parts, sql, params = self._compiled
        rows: list[list[tuple[Any, ...]]] = [[] for _ in parts]
        if sql:
            with connection.cursor() as cursor:
                cursor.execute(sql, filled(params, values))
                numbered = sorted(cursor.fetchall(), key=lambda row: row[:2])
            load = _column_loader()
            for number, _place, texts in numbered:
                rows[number].append(tuple(map(load, parts[number].kinds, texts)))
        return [part.instances(own) for part, own in zip(parts, rows, strict=True)]

    @cached_property
    def _compiled(self) -> tuple[list["_Part"], str, list[Any]]:
        """The parts, the SQL of those that can have rows, and its parameters with slots among them."""
        parts = [_Part(queryset) for queryset in built(self.build)]
        statements = [part.numbered(number) for number, part in enumerate(parts) if part.statement]
        sql = allow_prepare(" UNION ALL ".join(statements))
        return parts, sql, [value for part in parts for value in part.params]


def attach_prefetched(parents: Iterable[Model], name: str, children: Iterable[Any], *, by: str) -> None:
    """Set ``parent.<name>`` as if prefetched; ``by`` is the attribute of a child with its parent's primary key."""
    by_parent: dict[Any, list[Any]] = defaultdict(list)
    for child in children:
        by_parent[getattr(child, by)].append(child)
    for parent in parents:
        rows = getattr(parent, name).all()
        rows._result_cache, rows._prefetch_done = by_parent[parent.pk], True
        parent.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


def is_prefetched(parent: Model, name: str) -> bool:
    """Whether ``parent.<name>.all()`` needs no query."""
    return name in getattr(parent, "_prefetched_objects_cache", {})


class _Part:
    """One queryset: its statement, and the PostgreSQL type of each of its columns."""

    def __init__(self, queryset: QuerySet) -> None:
        self.queryset = queryset
        self.compiler: Any = queryset.query.get_compiler(connection=connection)
        try:
            self.statement, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.statement, self.params = "", ()
        else:
            find_converters_once(self.compiler)
        fields = [column.output_field for column, _sql, _alias in self.compiler.select or ()]
        self.kinds = [(field.db_type(connection) or "text").partition("(")[0] for field in fields]

    def numbered(self, number: int) -> str:
        """SQL that returns part and row numbers and an array of texts: all members of a UNION need the same columns."""
        columns = [f"c{place}" for place in range(len(self.kinds))]
        texts = ", ".join(f"{column}::text" for column in columns)
        named = ", ".join(columns)
        return f"SELECT {number}, row_number() OVER (), ARRAY[{texts}] FROM ({self.statement}) AS part ({named})"  # noqa: S608 - the ORM's own

    def instances(self, rows: list[tuple[Any, ...]]) -> list[Any]:
        """Model instances made by Django from ``rows`` in place of the cursor's."""
        if not rows:
            return []
        compiler = copy.copy(self.compiler)
        compiler.execute_sql = lambda *_args, **_options: [rows]
        return instances(self.queryset, compiler)


def _column_loader() -> Callable[[str, str | None], Any]:
    """Converts a column's text by its PostgreSQL type to the value that psycopg would have returned."""
    transformer = Transformer(connection.connection)
    loaders: dict[str, Callable[[bytes], Any]] = {}

    def load(kind: str, text: str | None) -> Any:
        if text is None:
            return None
        if kind not in loaders:
            oid = transformer.adapters.types[kind].oid
            loaders[kind] = transformer.get_loader(oid, Format.TEXT).load
        return loaders[kind](text.encode())

    return load
