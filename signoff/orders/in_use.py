"""What this floor may ask about its orders without knowing who answers: upper apps register their answers.

They do so in ``extensions.py``; each answer is a question of its own to the database, for many orders at once.
"""

from collections.abc import Callable, Collection

type Answer = Callable[[Collection[int]], set[int]]

_BUILT_UPON: list[Answer] = []
_OPEN_WORK: list[Answer] = []


def register_order_use(*, built_upon: Answer, open_work: Answer) -> None:
    """Say which orders (primary keys) are in use.

    ``built_upon`` answers with those whose lines and amounts must stay, ``open_work`` with those about which somebody
    is still at work.
    """
    _BUILT_UPON.append(built_upon)
    _OPEN_WORK.append(open_work)


def built_upon(orders: Collection[int]) -> set[int]:
    """Those of ``orders`` whose lines and amounts must not change any more."""
    return _asked(_BUILT_UPON, orders)


def with_open_work(orders: Collection[int]) -> set[int]:
    """Those of ``orders`` about which a case or the like is open."""
    return _asked(_OPEN_WORK, orders)


def _asked(answers: list[Answer], orders: Collection[int]) -> set[int]:
    return set().union(*(answer(orders) for answer in answers)) if orders else set()
