"""Progress of loading the demo, and whether it is complete.

A file in the data folder exists from the first order to the last message. If the loading process is stopped, the file
stays, so the next ``manage.py run`` knows that the data is incomplete and loads the demo again.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from config.demo.catalogue import ORDERS
from config.demo.orders import SOURCES
from returns.models import Case
from signoff.models import Order

CASES_TO_BEGIN_WITH = 20


@dataclass(frozen=True)
class LoadProgress:
    """Orders loaded so far, and how many there will be."""

    orders: int
    total: int


def marker_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-half-loaded"


def is_complete() -> bool:
    return not marker_file().exists()


def current_progress() -> LoadProgress | None:
    """How many orders are loaded; None when the demo is complete."""
    if is_complete():
        return None
    total = sum(ORDERS.values())
    return LoadProgress(min(Order.objects.filter(source__in=SOURCES).count(), total), total)


def can_be_viewed() -> bool:
    """Whether there are enough cases for visitors to begin with."""
    return is_complete() or Case.objects.count() >= CASES_TO_BEGIN_WITH
