"""Locking the books of a case, what a settlement counts on, before the case itself.

``returns.logbook.locks`` states the order of all locks.
"""

from typing import NewType

from django.db import connection

from returns.logbook.locks import LockedWithLines, lock_case
from returns.models import Case
from signoff.db.prepared.statements import allow_prepare

#: a locked case whose payments and order lines were locked before it: money may be counted
LockedWithBooks = NewType("LockedWithBooks", LockedWithLines)

#: one statement, whose parts PostgreSQL runs in their order: payments, then order lines
_BOOKS = allow_prepare("""
    WITH concerned AS MATERIALIZED (
        SELECT %(order)s::bigint AS id UNION SELECT l.order_id FROM signoff_orderline l
        JOIN returns_line r ON r.order_line_id = l.id WHERE r.case_id = %(case)s
    )
    SELECT id FROM (
        SELECT id FROM signoff_payment WHERE order_id IN (SELECT id FROM concerned)
        ORDER BY order_id, position FOR UPDATE
    ) AS payments
    UNION ALL SELECT id FROM (
        SELECT l.id FROM signoff_orderline l JOIN returns_line r ON r.order_line_id = l.id WHERE r.case_id = %(case)s
        ORDER BY l.id FOR UPDATE OF l
    ) AS lines
""")


def lock_with_books(case: Case) -> LockedWithBooks:
    """Lock the payments of the orders concerned, the order lines of ``case``, then the case itself.

    One case may be about lines of several orders (one return slip for several purchases).
    """
    with connection.cursor() as cursor:
        cursor.execute(_BOOKS, {"case": case.pk, "order": case.order_id})
    return LockedWithBooks(LockedWithLines(lock_case(case)))
