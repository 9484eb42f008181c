"""Scenarios of parcels sent recently: the carrier's events, and what the shopper or an agent does then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.demo import delivery_steps
from config.demo.delivery_steps import DeliveryStep
from config.demo.parcels import DAMAGED_ROUTE, DELIVERED_ROUTE, SHIPPED_ROUTE, Route
from signoff.models import Order, TrackingEvent

Code, Harm = TrackingEvent.Code, TrackingEvent.Harm

REFUSED_ROUTE = (*SHIPPED_ROUTE, (0.6, Code.IN_TRANSIT), (1.0, Code.OUT_FOR_DELIVERY))
RETURNED_ROUTE = (*SHIPPED_ROUTE, (0.4, Code.OUT_FOR_DELIVERY), (0.5, Code.EXCEPTION), (1.0, Code.RETURNED))
STALLED_ROUTE = ((0.0, Code.REGISTERED), (1.0, Code.IN_TRANSIT))


@dataclass(frozen=True)
class ParcelScenario:
    """What happens to the parcel of an order placed between ``youngest`` and ``oldest`` days ago.

    The last tracking event was ``ends`` days ago; ``step`` was taken ``step_at`` days ago.
    """

    route: Route
    ends: float
    youngest: float
    oldest: float
    step: DeliveryStep | None = None
    step_at: float = 0.0
    unreliable_carrier: bool = False


SCENARIOS = (
    ParcelScenario(DELIVERED_ROUTE, 0.2, 1.1, 2.9),  # this and the next wait for a signature
    ParcelScenario(DELIVERED_ROUTE, 0.6, 1.5, 3.3),
    ParcelScenario(STALLED_ROUTE, 6.3, 7.3, 11, unreliable_carrier=True),  # no updates
    ParcelScenario(
        STALLED_ROUTE, 7.5, 8.3, 13, delivery_steps.call_carrier, 0.8, unreliable_carrier=True
    ),  # no updates, closed by an agent
    ParcelScenario((*SHIPPED_ROUTE, (1.0, Harm.LOST)), 1.6, 5.5, 10, unreliable_carrier=True),
    ParcelScenario(RETURNED_ROUTE, 1.1, 5, 10, unreliable_carrier=True),
    ParcelScenario((*SHIPPED_ROUTE, (1.0, Code.IN_TRANSIT)), 1.5, 4.3, 6.5, unreliable_carrier=True),  # late
    ParcelScenario(DELIVERED_ROUTE, 6.4, 7.3, 9.1),  # warned that it will be signed for automatically
    ParcelScenario(DELIVERED_ROUTE, 8.3, 9.2, 11.0),  # signed for automatically
    ParcelScenario(DELIVERED_ROUTE, 0.7, 4.5, 8, unreliable_carrier=True),  # late, arrived after all
    ParcelScenario((*SHIPPED_ROUTE, (1.0, Harm.DAMAGED)), 0.5, 2, 5, unreliable_carrier=True),
    ParcelScenario(REFUSED_ROUTE, 1.1, 2.3, 7, delivery_steps.refuse, 1.08, unreliable_carrier=True),
    ParcelScenario(DELIVERED_ROUTE, 1.9, 3, 7, delivery_steps.report_fault("damaged"), 1.7, unreliable_carrier=True),
    ParcelScenario(DELIVERED_ROUTE, 3.0, 3.9, 5.7, delivery_steps.report_fault("missing"), 2.8),
    ParcelScenario(DELIVERED_ROUTE, 0.9, 1.8, 3.6, delivery_steps.report_fault("wrong_item"), 0.8),
    ParcelScenario(DELIVERED_ROUTE, 2.2, 3.1, 4.9, delivery_steps.accept_with_remark, 2.0),
    ParcelScenario(DELIVERED_ROUTE, 3.4, 4.3, 6.1, delivery_steps.sign_by_phone, 2.6),
    ParcelScenario(DAMAGED_ROUTE, 1.5, 2.7, 7, delivery_steps.dismiss_exception, 1.2, unreliable_carrier=True),
    ParcelScenario(DELIVERED_ROUTE, 2.7, 3.6, 5.4),
    ParcelScenario(DELIVERED_ROUTE, 1.2, 2.1, 3.9, delivery_steps.accept, 1.1),
    ParcelScenario(DELIVERED_ROUTE, 4.0, 4.9, 6.7, delivery_steps.accept, 3.8),
    ParcelScenario((*SHIPPED_ROUTE, (1.0, Code.IN_TRANSIT)), 1.4, 4.2, 7, unreliable_carrier=True),  # one more late
)
ON_TIME = timedelta(hours=44)


def assign_scenarios(orders: Sequence[Order], *, today: datetime) -> Iterator[tuple[Order, ParcelScenario]]:
    """Each order with a scenario that suits its age; orders left over are delivered on time."""
    free = list(orders)
    for scenario in SCENARIOS:
        suitable = (order for order in free if scenario.youngest <= _age(order, today) <= scenario.oldest)
        if order := next(suitable, None):
            free.remove(order)
            yield order, scenario
    for order in free:
        yield order, _on_time_scenario(order, today)


def _age(order: Order, today: datetime) -> float:
    """In days."""
    return (today - order.placed_at) / timedelta(days=1)


def _on_time_scenario(order: Order, today: datetime) -> ParcelScenario:
    """Delivered less than two days after the order, and signed for in the evening."""
    ends = (today - order.placed_at - ON_TIME) / timedelta(days=1)
    return ParcelScenario(DELIVERED_ROUTE, ends, 0, 0, delivery_steps.accept, ends - 0.3)
