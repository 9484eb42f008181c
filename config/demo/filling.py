"""Whether the demo is still being filled, and how far it is.

A file in the data folder marks it from the first order to the last message. What a stopped process left half filled
is therefore known at the next start, which begins anew (``manage.py run``).
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from config.demo.catalogue import ORDERS
from returns.models import Case
from signoff.models import Order

CASES_TO_OPEN_WITH = 20


@dataclass(frozen=True)
class Filling:
    """Orders loaded so far, and how many there will be."""

    orders: int
    total: int


def mark() -> Path:
    return Path(settings.DATA_DIR) / "demo-half-loaded"


def is_whole() -> bool:
    return not mark().exists()


def progress() -> Filling | None:
    """How far it is, or nothing when the demo is whole."""
    if is_whole():
        return None
    total = sum(ORDERS.values())
    return Filling(min(Order.objects.filter(source="demo").count(), total), total)


def can_be_looked_at() -> bool:
    """Whether there are enough cases to begin with."""
    return is_whole() or Case.objects.count() >= CASES_TO_OPEN_WITH
