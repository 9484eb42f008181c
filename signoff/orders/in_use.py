"""Registry by which upper apps say which orders they use; this app cannot import them.

They register in ``extensions.py``; each function answers for many orders by one query.
"""

from collections.abc import Callable, Collection

type Answer = Callable[[Collection[int]], set[int]]

_BUILT_UPON: list[Answer] = []
_OPEN_WORK: list[Answer] = []


def register_order_use(*, built_upon: Answer, open_work: Answer) -> None:
    """Register functions that return those of the given order keys that are in use.

    ``built_upon``: orders whose lines and amounts must not change. ``open_work``: orders with open work, like a case.
    """
    _BUILT_UPON.append(built_upon)
    _OPEN_WORK.append(open_work)


def built_upon(orders: Collection[int]) -> set[int]:
    """Those of ``orders`` whose lines and amounts must not change."""
    return _collect(_BUILT_UPON, orders)


def with_open_work(orders: Collection[int]) -> set[int]:
    """Those of ``orders`` with open work."""
    return _collect(_OPEN_WORK, orders)


def _collect(answers: list[Answer], orders: Collection[int]) -> set[int]:
    return set().union(*(answer(orders) for answer in answers)) if orders else set()
