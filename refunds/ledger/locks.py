"""Lock a case together with what a settlement counts on: payments and order lines.

``returns.logbook.locks`` states the order of all locks.
"""

from typing import NewType

from refunds.ledger.queries import lock_payments_and_lines
from returns.logbook.locks import LockedWithLines, lock_case
from returns.models import Case

#: a locked case whose payments and order lines were locked before it: money may be counted
LockedWithBooks = NewType("LockedWithBooks", LockedWithLines)


def lock_with_books(case: Case) -> LockedWithBooks:
    """Lock the payments of the orders concerned, the order lines of ``case``, then the case itself.

    A case may be about lines of several orders (one return slip for several purchases).
    """
    lock_payments_and_lines(case)
    return LockedWithBooks(LockedWithLines(lock_case(case)))
