"""Sweeps: the system's step for many cases, each by itself, so that a broken one keeps no other waiting."""

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
    return sum(_goes(key, deed, (DatabaseError, TransitionNotAllowed, *refusals)) for key in keys)


def _goes(key: int, deed: Callable[[Case], object], trouble: tuple[type[Exception], ...]) -> bool:
    try:
        with transaction.atomic():
            return bool(deed(Case.objects.select_related("order", "customer").get(pk=key)))
    except OperationalError as error:  # somebody holds a row longer than the lock's timeout
        logger.warning("Case %s waits for the next sweep: %s", key, error)
    except trouble:
        logger.exception("The sweep leaves case %s as it is", key)
    return False
