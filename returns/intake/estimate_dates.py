"""What a shopper may expect when, added up from the clocks. Pure: no database, no clock of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from returns.lifecycle.states import STATES, Status

#: days a parcel usually needs; only for the "about" in a sentence, no clock runs on it
JOURNEY = timedelta(days=4)


@dataclass(frozen=True)
class Promise:
    """``decision_by`` is when a plan stands; ``refund_by`` when the money has left, about then if goods travel."""

    decision_by: datetime
    refund_by: datetime
    days_at_the_bench: int


def promise(now: datetime, *, goods_come_back: bool) -> Promise:
    """What holds for a request that is sent in ``now``; goods are thought to be sent with the approval."""
    decision_by = now + _hours(Status.SUBMITTED, Status.AWAITING_APPROVAL)
    bench = _hours(Status.RECEIVED, Status.INSPECTED, Status.SETTLING)
    refund_by = decision_by + (JOURNEY + bench if goods_come_back else _hours(Status.SETTLING))
    return Promise(decision_by, refund_by, bench.days)


def _hours(*states: str) -> timedelta:
    return timedelta(hours=sum(STATES[state].hours or 0 for state in states))
