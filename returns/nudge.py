"""A nudge to the workers that there is something to read. Losing one loses nothing: a sweep finds the rows."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake() -> None:
    """Ask the workers to look at the rows now; a lost broker is logged and forgiven."""
    try:
        current_app.send_task("config.tasks.wake", ignore_result=True, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The broker could not be reached, the sweep will find the rows: %s", error)
