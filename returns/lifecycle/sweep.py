"""Sweeps: the system's step for many rows, each by itself, so that a broken one keeps no other waiting."""

import logging
from collections.abc import Callable, Iterable

from django.db import DatabaseError, OperationalError, transaction
from django_fsm import TransitionNotAllowed

from returns.models import Case

logger = logging.getLogger(__name__)


def sweep(keys: Iterable[int], deed: Callable[[Case], object], *, refusals: tuple[type[Exception], ...] = ()) -> int:
    """Do ``deed`` for the case of every key in a transaction of its own; returns how often it did something.

    A case whose deed fails, by the database, the law or one of ``refusals``, is logged and left to the next
    sweep; the one after it goes on. ``deed`` locks the case and says with a false answer that nothing was to do.
    """
    cases = Case.objects.select_related("order", "customer")
    return each("case", keys, lambda key: deed(cases.get(pk=key)), refusals=refusals)


def each(
    what: str, keys: Iterable[int], deed: Callable[[int], object], *, refusals: tuple[type[Exception], ...] = ()
) -> int:
    """``sweep`` for rows of another kind, whose deed is handed their keys; ``what`` they are is for the log."""
    return sum(_goes(what, key, deed, (DatabaseError, TransitionNotAllowed, *refusals)) for key in keys)


def _goes(what: str, key: int, deed: Callable[[int], object], trouble: tuple[type[Exception], ...]) -> bool:
    try:
        with transaction.atomic():
            return bool(deed(key))
    except OperationalError as error:  # somebody holds a row longer than the lock's timeout
        logger.warning("%s %s waits for the next sweep: %s", what.capitalize(), key, error)
    except trouble:
        logger.exception("The sweep leaves %s %s as it is", what, key)
    return False
