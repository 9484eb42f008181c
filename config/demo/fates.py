"""What becomes of the parcels sent lately: each fate is the carrier's news and what somebody does then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.demo import receiving
from config.demo.parcels import HARMED_HOME, HOME, ONWARD, Way
from config.demo.receiving import Deed
from signoff.models import Order, TrackingEvent

Code, Harm = TrackingEvent.Code, TrackingEvent.Harm

REFUSED = (*ONWARD, (0.6, Code.IN_TRANSIT), (1.0, Code.OUT_FOR_DELIVERY))
BACK = (*ONWARD, (0.4, Code.OUT_FOR_DELIVERY), (0.5, Code.EXCEPTION), (1.0, Code.RETURNED))
STOPPED = ((0.0, Code.REGISTERED), (1.0, Code.IN_TRANSIT))


@dataclass(frozen=True)
class Fate:
    """Of an order placed between ``youngest`` and ``oldest`` days ago. The last news came ``ends`` days ago, and
    ``does`` happened ``then`` days ago. Where ``fails`` the carrier is the one that often does."""

    way: Way
    ends: float
    youngest: float
    oldest: float
    does: Deed | None = None
    then: float = 0.0
    fails: bool = False


FATES = (
    Fate(HOME, 0.2, 1.1, 2.9),  # this and the next wait for a signature
    Fate(HOME, 0.6, 1.5, 3.3),
    Fate(STOPPED, 6.3, 7.3, 11, fails=True),  # silent
    Fate(STOPPED, 7.5, 8.3, 13, receiving.call_carrier, 0.8, fails=True),  # silent, cleared up
    Fate((*ONWARD, (1.0, Harm.LOST)), 1.6, 5.5, 10, fails=True),
    Fate(BACK, 1.1, 5, 10, fails=True),
    Fate((*ONWARD, (1.0, Code.IN_TRANSIT)), 1.5, 4.3, 6.5, fails=True),  # late
    Fate(HOME, 6.4, 7.3, 9.1),  # warned that time will sign
    Fate(HOME, 8.3, 9.2, 11.0),  # signed by time
    Fate(HOME, 0.7, 4.5, 8, fails=True),  # late, arrived after all
    Fate((*ONWARD, (1.0, Harm.DAMAGED)), 0.5, 2, 5, fails=True),
    Fate(REFUSED, 1.1, 2.3, 7, receiving.refuse, 1.08, fails=True),
    Fate(HOME, 1.9, 3, 7, receiving.find("damaged"), 1.7, fails=True),
    Fate(HOME, 3.0, 3.9, 5.7, receiving.find("missing"), 2.8),
    Fate(HOME, 0.9, 1.8, 3.6, receiving.find("wrong_item"), 0.8),
    Fate(HOME, 2.2, 3.1, 4.9, receiving.remark, 2.0),
    Fate(HOME, 3.4, 4.3, 6.1, receiving.tell_agent, 2.6),
    Fate(HARMED_HOME, 1.5, 2.7, 7, receiving.see_nothing_wrong, 1.2, fails=True),
    Fate(HOME, 2.7, 3.6, 5.4),
    Fate(HOME, 1.2, 2.1, 3.9, receiving.accept, 1.1),
    Fate(HOME, 4.0, 4.9, 6.7, receiving.accept, 3.8),
    Fate((*ONWARD, (1.0, Code.IN_TRANSIT)), 1.4, 4.2, 7, fails=True),  # one more late
)
ON_TIME = timedelta(hours=44)


def deal(orders: Sequence[Order], *, today: datetime) -> Iterator[tuple[Order, Fate]]:
    """A fate for each order, where there is one of its age; the others come as they should."""
    free = list(orders)
    for fate in FATES:
        fitting = (one for one in free if fate.youngest <= (today - one.placed_at) / timedelta(days=1) <= fate.oldest)
        if order := next(fitting, None):
            free.remove(order)
            yield order, fate
    for order in free:
        yield order, _as_it_should(order, today)


def _as_it_should(order: Order, today: datetime) -> Fate:
    """Two days after the order at the door, signed for in the evening."""
    ends = (today - order.placed_at - ON_TIME) / timedelta(days=1)
    return Fate(HOME, ends, 0, 0, receiving.accept, ends - 0.3)
