"""Sweeps: an action for many rows, each in its own transaction, so that one broken row does not stop the rest."""

import logging
from collections.abc import Callable, Iterable

from django.db import DatabaseError, OperationalError, transaction
from django_fsm import TransitionNotAllowed

from returns.models import Case

logger = logging.getLogger(__name__)


def sweep(keys: Iterable[int], action: Callable[[Case], object], *, refusals: tuple[type[Exception], ...] = ()) -> int:
    """Call ``action`` with the case of every key, in a transaction of its own; returns for how many it returned true.

    ``action`` locks the case, and returns false where nothing was to do. A database error, an illegal transition or
    one of ``refusals`` is logged, and the case is left to the next sweep.
    """
    cases = Case.objects.select_related("order", "customer")
    return sweep_rows("case", keys, lambda key: action(cases.get(pk=key)), refusals=refusals)


def sweep_rows(
    what: str, keys: Iterable[int], action: Callable[[int], object], *, refusals: tuple[type[Exception], ...] = ()
) -> int:
    """``sweep`` for rows of another model: ``action`` gets the primary key; ``what`` names the rows in the log."""
    return sum(_run(what, key, action, (DatabaseError, TransitionNotAllowed, *refusals)) for key in keys)


def _run(what: str, key: int, action: Callable[[int], object], trouble: tuple[type[Exception], ...]) -> bool:
    try:
        with transaction.atomic():
            return bool(action(key))
    except OperationalError as error:  # a row was locked longer than the lock timeout
        logger.warning("%s %s waits for the next sweep: %s", what.capitalize(), key, error)
    except trouble:
        logger.exception("The sweep leaves %s %s as it is", what, key)
    return False
