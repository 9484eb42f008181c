"""Locked cases: types of their own that only the functions of this module (and of ``refunds``) give out.

A function that needs a lock says so in its signature, and mypy refuses a case that was only read. A lock holds until
the transaction ends; the locked case is a fresh instance, because the one that was read before may be out of date.

Everybody locks rows in the same order, so that no two transactions wait for each other in a ring:

1. the payments of the orders concerned (``refunds.ledger.locks``); a shipping charge needs no lock of its own, because
   money goes back for it only while the payments of its order are locked,
2. the order lines, by key,
3. the case,
4. the refund (``refunds.payouts.transitions``).

Nobody needs every lock, but nobody takes an earlier one after a later one. ``tests/refunds/test_lock_order.py`` runs a
race for each lock on PostgreSQL, and the same race without that lock as its negative control.
"""

import functools
from typing import NewType

from django.db import connection
from django.db.models import QuerySet

from returns.models import Case
from signoff.db.history import table_columns
from signoff.db.prepared.compiled import CompiledQuery
from signoff.db.prepared.statements import allow_prepare
from signoff.models import OrderLine

#: a case that this transaction has locked, as it is now
LockedCase = NewType("LockedCase", Case)
#: the same, its order lines locked before it: units may be freed, or counted as returned
LockedWithLines = NewType("LockedWithLines", LockedCase)

#: never changed once a case is open, so they need not be read again
_FIXED = ("order", "customer", "shop")

_LINES = CompiledQuery(
    lambda case: (
        OrderLine.objects.select_for_update(of=["self"]).filter(case_lines__case=case).order_by("pk").values_list("pk")
    )
)


def lock_case(case: Case) -> LockedCase:
    """Lock ``case`` and return it as it is now; order, customer and shop are taken over where they were read before."""
    with connection.cursor() as cursor:
        cursor.execute(_lock_sql(), [case.pk])
        row = cursor.fetchone()
    if row is None:
        raise Case.DoesNotExist(case.pk)
    locked = Case.from_db(connection.alias, [field.attname for field in Case._meta.concrete_fields], row)
    for name in _FIXED:
        if name in case._state.fields_cache:
            setattr(locked, name, getattr(case, name))
    return LockedCase(locked)


def lock_with_lines(case: Case) -> LockedWithLines:
    """Lock the order lines of ``case``, then the case itself."""
    lock_lines(case)
    return LockedWithLines(lock_case(case))


def lock_lines(case: Case) -> None:
    """Lock the order lines of ``case``, by key; the case itself may be locked only afterwards."""
    _LINES.all(case.pk)


def lock_first_free(cases: QuerySet[Case]) -> LockedCase | None:
    """Lock the first of ``cases`` that no other transaction has locked; None where there is none."""
    case = cases.select_for_update(skip_locked=True).first()
    return None if case is None else LockedCase(case)


@functools.cache
def _lock_sql() -> str:
    columns = ", ".join(f'"{field.column}"' for field in Case._meta.concrete_fields)
    sql = f'SELECT {columns} FROM "{table_columns(Case).table}" WHERE id = %s FOR UPDATE'  # noqa: S608
    allow_prepare(sql)
    return sql
