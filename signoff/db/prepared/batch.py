"""Rows of several kinds by one question: a page that tells much of one thing asks the database once for all of it."""

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

from signoff.db.prepared.compiled import built, filled, instances
from signoff.db.prepared.statements import allow_prepare


class QueryBatch:
    """The querysets that ``build`` returns, asked by one statement, which is made once as that of ``Prepared`` is::

        _ORDER = Together(lambda order: (Parcel.objects.filter(order=order), Payment.objects.filter(order=order)))
        parcels, payments = _ORDER.all(order.pk)

    For a handful of rows each: they travel as text. What a queryset prefetches is left to the caller (``lay_out``).
    """

    def __init__(self, build: Callable[..., Sequence[QuerySet]]) -> None:
        self.build = build

    def all(self, *values: Any) -> list[list[Any]]:
        """For these values the instances of each queryset, in its order and with what it joins."""
        parts, sql, params = self._made
        rows: list[list[tuple[Any, ...]]] = [[] for _ in parts]
        if sql:
            with connection.cursor() as cursor:
                cursor.execute(sql, filled(params, values))
                found = sorted(cursor.fetchall(), key=lambda row: row[:2])
            load = _loading()
            for number, _place, texts in found:
                rows[number].append(tuple(map(load, parts[number].kinds, texts)))
        return [part.instances(own) for part, own in zip(parts, rows, strict=True)]

    @cached_property
    def _made(self) -> tuple[list["_Part"], str, list[Any]]:
        """The parts, and of those that can have rows: SQL, and parameters with slots among them."""
        parts = [_Part(queryset) for queryset in built(self.build)]
        told = [part.numbered(number) for number, part in enumerate(parts) if part.statement]
        sql = allow_prepare(" UNION ALL ".join(told))
        return parts, sql, [value for part in parts for value in part.params]


def attach_prefetched(parents: Iterable[Model], name: str, children: Iterable[Any], *, by: str) -> None:
    """Give each parent its children as if they had been prefetched; ``by`` is the child's column with its key."""
    shares: dict[Any, list[Any]] = defaultdict(list)
    for child in children:
        shares[getattr(child, by)].append(child)
    for parent in parents:
        rows = getattr(parent, name).all()
        rows._result_cache, rows._prefetch_done = shares[parent.pk], True
        parent.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


def is_prefetched(parent: Model, name: str) -> bool:
    """Whether ``parent.<name>.all()`` asks nothing more."""
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
        fields = [column.output_field for column, _sql, _alias in self.compiler.select or ()]
        self.kinds = [(field.db_type(connection) or "text").partition("(")[0] for field in fields]

    def numbered(self, number: int) -> str:
        """Numbered rows whose columns are texts, so that different kinds fit under one another."""
        columns = [f"c{place}" for place in range(len(self.kinds))]
        texts = ", ".join(f"{column}::text" for column in columns)
        named = ", ".join(columns)
        return f"SELECT {number}, row_number() OVER (), ARRAY[{texts}] FROM ({self.statement}) AS part ({named})"  # noqa: S608 - the ORM's own

    def instances(self, rows: list[tuple[Any, ...]]) -> list[Any]:
        """As Django makes them from rows, with these in the place of an answer."""
        if not rows:
            return []
        compiler = copy.copy(self.compiler)
        compiler.execute_sql = lambda *_args, **_options: [rows]
        return instances(self.queryset, compiler)


def _loading() -> Callable[[str, str | None], Any]:
    """From a column's type and text to what the driver would have made of it."""
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
