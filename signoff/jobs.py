"""Wake the workers after a commit. A lost message loses no work: the periodic tasks find the rows."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_app
from django.conf import settings
from kombu import Connection, pools
from kombu.exceptions import LimitExceeded, OperationalError

logger = logging.getLogger(__name__)
_is_suppressed: ContextVar[bool] = ContextVar("is_suppressed", default=False)
_connections: dict[int, Connection] = {}  # by process: a forked one has its own


class Pause:
    """How long the broker is left alone after it could not be reached; one for each process."""

    def __init__(self) -> None:
        self.until = 0.0

    def begin(self) -> None:
        self.until = time.monotonic() + settings.BROKER_PAUSE

    def is_over(self) -> bool:
        return time.monotonic() >= self.until


pause = Pause()


def wake() -> None:
    """Send the waking task to the workers; a broker that cannot be reached is logged, not raised.

    It costs at most ``settings.BROKER_PATIENCE``, and nothing for ``settings.BROKER_PAUSE`` after a failure.
    """
    if _is_suppressed.get() or (settings.A_NUDGE_WAITS and settings.A_NUDGE_WAITS()) or not pause.is_over():
        return
    try:
        with pools.producers[_connection()].acquire(block=True, timeout=settings.BROKER_PATIENCE) as producer:
            current_app.send_task(settings.WAKING_TASK, ignore_result=True, retry=False, producer=producer)
    except (OperationalError, LimitExceeded, OSError) as error:
        pause.begin()
        logger.warning("The broker could not be reached, the sweep will find the rows: %s", error)


def _connection() -> Connection:
    """The broker as a request asks it: one try that does not wait long. Workers may wait, they use Celery's own."""
    process = os.getpid()
    if process not in _connections:
        patience = settings.BROKER_PATIENCE
        options = {"max_retries": 0, "socket_connect_timeout": patience, "socket_timeout": patience}
        _connections[process] = current_app.connection_for_write(
            connect_timeout=patience, transport_options={**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **options}
        )
    return _connections[process]


@contextmanager
def wake_once() -> Iterator[None]:
    """Suppress ``wake`` while many rows are written, and wake once at the end."""
    token = _is_suppressed.set(True)
    try:
        yield
    finally:
        _is_suppressed.reset(token)
    wake()
