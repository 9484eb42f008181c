"""Wake the workers after a commit. A lost message loses no work: the periodic tasks find the rows."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
_is_suppressed: ContextVar[bool] = ContextVar("is_suppressed", default=False)


def wake() -> None:
    """Send the waking task to the workers; a broker that cannot be reached is logged, not raised."""
    if _is_suppressed.get() or (settings.A_NUDGE_WAITS and settings.A_NUDGE_WAITS()):
        return
    try:
        current_app.send_task(settings.WAKING_TASK, ignore_result=True, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The broker could not be reached, the sweep will find the rows: %s", error)


@contextmanager
def wake_once() -> Iterator[None]:
    """Suppress ``wake`` while many rows are written, and wake once at the end."""
    token = _is_suppressed.set(True)
    try:
        yield
    finally:
        _is_suppressed.reset(token)
    wake()
