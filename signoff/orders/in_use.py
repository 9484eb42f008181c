"""What this floor may ask about its orders without knowing who answers: upper floors enter their answers here.

They do so in their app's ``ready``; each answer is a question of its own to the database, for many orders at once.
"""

from collections.abc import Callable, Collection

type Answer = Callable[[Collection[int]], set[int]]

#: which of these orders (primary keys) something was built upon, so that their lines and amounts must stay
BUILT_UPON: list[Answer] = []
#: about which of these orders somebody is still at work
OPEN_WORK: list[Answer] = []


def built_upon(orders: Collection[int]) -> set[int]:
    """Those of ``orders`` whose lines and amounts must not change any more."""
    return _asked(BUILT_UPON, orders)


def with_open_work(orders: Collection[int]) -> set[int]:
    """Those of ``orders`` about which a case or the like is open."""
    return _asked(OPEN_WORK, orders)


def _asked(answers: list[Answer], orders: Collection[int]) -> set[int]:
    return set().union(*(answer(orders) for answer in answers)) if orders else set()
