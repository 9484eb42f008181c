"""The promised date of the decision, and an estimate of the refund from the clocks of the states ahead. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from returns.lifecycle.states import STATES, Status

#: how long a parcel usually travels; only for an estimate, no clock depends on it
TRANSIT = timedelta(days=4)


@dataclass(frozen=True)
class EstimatedDates:
    """``decision_by``: the case is due for the first time; ``refund_by``: the money is paid, an estimate."""

    decision_by: datetime
    refund_by: datetime
    days_at_the_bench: int


def estimate_dates(now: datetime, *, goods_come_back: bool) -> EstimatedDates:
    """Dates for a request submitted ``now``, if the goods are shipped on the day of approval."""
    decision_by = now + _hours(Status.SUBMITTED)
    bench = _hours(Status.RECEIVED, Status.INSPECTED, Status.SETTLING)
    refund_by = decision_by + (TRANSIT + bench if goods_come_back else _hours(Status.SETTLING))
    return EstimatedDates(decision_by, refund_by, bench.days)


def _hours(*states: str) -> timedelta:
    return timedelta(hours=sum(STATES[state].hours or 0 for state in states))
