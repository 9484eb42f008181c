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

from typing import NewType

from django.db.models import QuerySet

from returns.logbook.queries import lock_order_lines, select_for_update
from returns.models import Case

#: a case that this transaction has locked, as it is now
LockedCase = NewType("LockedCase", Case)
#: the same, its order lines locked before it: units may be freed, or counted as returned
LockedWithLines = NewType("LockedWithLines", LockedCase)

#: never changed once a case is open, so they need not be read again
_FIXED = ("order", "customer", "shop")


def lock_case(case: Case) -> LockedCase:
    """Lock ``case`` and return it as it is now; order, customer and shop are taken over where they were read before."""
    locked = select_for_update(case.pk)
    for name in _FIXED:
        if name in case._state.fields_cache:
            setattr(locked, name, getattr(case, name))
    return LockedCase(locked)


def lock_with_lines(case: Case) -> LockedWithLines:
    """Lock the order lines of ``case``, then the case itself."""
    lock_order_lines(case)
    return LockedWithLines(lock_case(case))


def lock_first_free(cases: QuerySet[Case]) -> LockedCase | None:
    """Lock the first of ``cases`` that no other transaction has locked; None where there is none."""
    case = cases.select_for_update(skip_locked=True).first()
    return None if case is None else LockedCase(case)
