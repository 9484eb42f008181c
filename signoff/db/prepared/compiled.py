"""Questions asked many times a second, whose SQL the ORM makes once.

The queryset is an ordinary one and so are its rows; what falls away is to build and translate it anew for each answer,
which takes longer than PostgreSQL does (docs/decisions/0027-compiled-and-prepared-queries.md).
"""

import copy
import inspect
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.transaction import TransactionManagementError

from signoff.db.prepared.statements import allow_prepare


class CompiledQuery:
    """The queryset that ``build`` returns for a slot in place of each of its arguments.

    Arguments are compared with columns, or stand in ``one_of``; they go to the database as they are::

        _LINES = Prepared(lambda case: Line.objects.filter(case_id=case).select_related("order_line"))
        lines = _LINES.all(case.pk, case=case)

    Neither ``prefetch_related`` nor a slice that depends on an argument is possible. ``by_key`` is off for queues and
    lists, whose best plan depends on the values (``signoff.db.prepared.statements``).
    """

    def __init__(self, build: Callable[..., Any], *, by_key: bool = True) -> None:
        self.build, self.by_key = build, by_key

    def all(self, *values: Any, **related: models.Model) -> list[Any]:
        """The rows for these values; objects at hand are put where each row points to them."""
        queryset, made, sql, params = self._made
        if made.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("Rows are locked within a transaction only.")
        compiler = copy.copy(made)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        told = filled(params, values)
        compiler.as_sql = lambda: (sql, told)
        rows = instances(queryset, compiler)
        for name, value in related.items():
            for row in rows:
                setattr(row, name, value)
        return rows

    def first(self, *values: Any, **related: models.Model) -> Any:
        """The first row, or nothing."""
        return next(iter(self.all(*values, **related)), None)

    def get(self, *values: Any, **related: models.Model) -> Any:
        """The only row; the model's ``DoesNotExist`` where there is none."""
        rows = self.all(*values, **related)
        if len(rows) != 1:
            model = self._made[0].model
            raise model.MultipleObjectsReturned(values) if rows else model.DoesNotExist(values)
        return rows[0]

    @cached_property
    def _made(self) -> tuple[Any, Any, str, tuple[Any, ...]]:
        """The queryset, its compiler, and what it has made: SQL, and parameters with slots among them."""
        queryset = built(self.build)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        if self.by_key:
            allow_prepare(sql)
        return queryset, compiler, sql, tuple(params)


def any_of(column: str, values: Collection[Any] | models.Expression) -> models.Q:
    """For ``filter(one_of("pk", keys))``: like ``__in``, but the SQL is the same for any number of values."""
    if not isinstance(values, models.Expression):
        if not values:
            return models.Q(pk__in=[])  # nothing is asked then
        values = models.Value(list(values))
    told = models.F(column), values
    return models.Q(
        models.Func(*told, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=models.BooleanField())
    )


def built(build: Callable[..., Any]) -> Any:
    """What ``build`` returns for a slot in place of each of its arguments."""
    return build(*(_Slot(at) for at, _ in enumerate(inspect.signature(build).parameters)))


def filled(params: Sequence[Any], values: Sequence[Any]) -> tuple[Any, ...]:
    """The parameters of a statement, with values in the slots."""
    return tuple(values[value.at] if isinstance(value, _Slot) else value for value in params)


def instances(queryset: Any, compiler: Any) -> list[Any]:
    """The rows as the queryset would give them, read by a compiler that has nothing left to make."""
    return list(queryset._iterable_class(_asked(queryset, compiler)))


class _Slot(models.Expression):
    """Where the argument with this number goes."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


def _asked(queryset: Any, compiler: Any) -> Any:
    """What Django's iterables want to know of a queryset, with a compiler that has nothing left to make."""
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
