"""A nudge to the workers that there is something to read. Losing one loses nothing: a sweep finds the rows."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
_held_back: ContextVar[bool] = ContextVar("held_back", default=False)


def wake() -> None:
    """Ask the workers to look at the rows now; a lost broker is logged and forgiven."""
    if _held_back.get() or (settings.A_NUDGE_WAITS and settings.A_NUDGE_WAITS()):
        return
    try:
        current_app.send_task(settings.WAKING_TASK, ignore_result=True, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The broker could not be reached, the sweep will find the rows: %s", error)


@contextmanager
def wake_once() -> Iterator[None]:
    """Hold nudges back while thousands of rows are written; one at the end says it all."""
    token = _held_back.set(True)
    try:
        yield
    finally:
        _held_back.reset(token)
    wake()
