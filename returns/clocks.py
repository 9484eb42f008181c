"""How long each state may wait, and when a case is due. Pure: no database, no clock of its own.

Hours run around the clock; working hours, holidays and pauses come with the policy's clock classes.
"""

from datetime import datetime, timedelta

#: hours until the owner of a state should have acted; what happens then is said by ``returns.review.expiry``
HOURS: dict[str, int] = {
    "submitted": 24,
    "waiting_on_shopper": 7 * 24,
    "in_appraisal": 48,
    "offered": 7 * 24,
    "awaiting_approval": 24,
    "authorised": 14 * 24,
    "in_transit": 14 * 24,
    "received": 48,
    "inspected": 24,
    "settling": 72,
    "resolved": 14 * 24,
    "rejected": 14 * 24,
    "cancelled": 14 * 24,
    "expired": 14 * 24,
}


def due(status: str, since: datetime) -> datetime | None:
    """When a case that entered ``status`` at ``since`` is due; None where nothing is waited for."""
    hours = HOURS.get(status)
    return None if hours is None else since + timedelta(hours=hours)
