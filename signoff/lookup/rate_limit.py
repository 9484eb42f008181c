"""Limits of order look-up: per order and per contact, each from one address, and per address."""

from datetime import datetime, timedelta

from signoff.web.attempts import Limit, count_try


def _limit(free: int) -> Limit:
    return Limit(free, first_wait=timedelta(minutes=15), longest_wait=timedelta(hours=1), memory=timedelta(hours=2))


LIMITS = {"order": _limit(10), "contact": _limit(5), "machine": _limit(20)}


def count_look_up(*, order: str, contact: str, machine: str, now: datetime | None = None) -> None:
    """Count a look-up of ``order`` and ``contact`` from the address ``machine``. Raises ``TooManyTries``."""
    count_try(
        {
            "order": (LIMITS["order"], f"{order}\n{machine}"),
            "contact": (LIMITS["contact"], f"{contact}\n{machine}"),
            "machine": (LIMITS["machine"], machine),
        },
        now=now,
    )
