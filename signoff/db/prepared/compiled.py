"""Caches the compiled SQL of a queryset; later calls only bind parameters.

The queryset is an ordinary one and so are its rows; only building and compiling it for each call falls away, which
takes longer than PostgreSQL does (docs/decisions/0027-compiled-and-prepared-queries.md).
"""

import copy
import inspect
from collections.abc import Callable, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.transaction import TransactionManagementError

from signoff.db.prepared.statements import allow_prepare


class CompiledQuery:
    """The queryset that ``build`` returns, compiled at the first call; its arguments become parameters of the SQL.

    Arguments are compared with columns or passed to ``any_of``; they are sent to the database as they are::

        _LINES = CompiledQuery(lambda case: Line.objects.filter(case_id=case).select_related("order_line"))
        lines = _LINES.all(case.pk, case=case)

    Neither ``prefetch_related`` nor a slice that depends on an argument is possible. ``by_key=False`` is for queues
    and lists, whose best plan depends on the values (``signoff.db.prepared.statements``).
    """

    def __init__(self, build: Callable[..., Any], *, by_key: bool = True) -> None:
        self.build, self.by_key = build, by_key

    def all(self, *values: Any, **related: models.Model) -> list[Any]:
        """The rows for these values; ``related`` objects are set on each row, so that reading them needs no query."""
        queryset, cached_compiler, sql, params = self._compiled
        if cached_compiler.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("Rows are locked within a transaction only.")
        compiler = copy.copy(cached_compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        bound = filled(params, values)
        compiler.as_sql = lambda: (sql, bound)
        rows = instances(queryset, compiler)
        for name, value in related.items():
            for row in rows:
                setattr(row, name, value)
        return rows

    def first(self, *values: Any, **related: models.Model) -> Any:
        """The first row or None."""
        return next(iter(self.all(*values, **related)), None)

    def get(self, *values: Any, **related: models.Model) -> Any:
        """The only row. Raises the model's ``DoesNotExist`` or ``MultipleObjectsReturned``."""
        rows = self.all(*values, **related)
        if len(rows) != 1:
            model = self._compiled[0].model
            raise model.MultipleObjectsReturned(values) if rows else model.DoesNotExist(values)
        return rows[0]

    @cached_property
    def _compiled(self) -> tuple[Any, Any, str, tuple[Any, ...]]:
        """The queryset, its compiler, its SQL, and the parameters with slots among them."""
        queryset = built(self.build)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        find_converters_once(compiler)
        if self.by_key:
            allow_prepare(sql)
        return queryset, compiler, sql, tuple(params)


def built(build: Callable[..., Any]) -> Any:
    """Call ``build`` with a slot in place of each argument."""
    return build(*(_Slot(at) for at, _ in enumerate(inspect.signature(build).parameters)))


def filled(params: Sequence[Any], values: Sequence[Any]) -> tuple[Any, ...]:
    """The parameters of a statement, with values in the slots."""
    return tuple(values[value.at] if isinstance(value, _Slot) else value for value in params)


def instances(queryset: Any, compiler: Any) -> list[Any]:
    """The rows as the queryset would return them, fetched by a compiler whose SQL is ready."""
    return list(queryset._iterable_class(_queryset_facade(queryset, compiler)))


def find_converters_once(compiler: Any) -> None:
    """Let ``compiler``, and its copies, look up only once what each column of its rows is converted by."""
    converters = compiler.get_converters([column for column, _sql, _alias in compiler.select[: compiler.col_count]])
    compiler.get_converters = lambda _columns: converters


class _Slot(models.Expression):
    """Placeholder of the argument with this number."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


def _queryset_facade(queryset: Any, compiler: Any) -> Any:
    """An object with the attributes that Django's iterables read from a queryset; its SQL is compiled already."""
    query = copy.copy(queryset.query)
    query.get_compiler = lambda *_, **__: compiler
    return SimpleNamespace(
        db=connection.alias,
        model=queryset.model,
        query=query,
        _fields=queryset._fields,
        _fetch_mode=queryset._fetch_mode,
        _known_related_objects={},
    )
