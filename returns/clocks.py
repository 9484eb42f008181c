"""When a case is due. Pure: no database, no clock of its own.

Hours run around the clock; working hours, holidays and pauses come with the policy's clock classes.
"""

from datetime import datetime, timedelta

from returns.lifecycle.states import STATES


def due(status: str, since: datetime) -> datetime | None:
    """When a case that entered ``status`` at ``since`` is due; None where the state has no time limit."""
    hours = STATES[status].hours
    return None if hours is None else since + timedelta(hours=hours)
