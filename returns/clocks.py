"""When a case is due. Pure: no database, no clock of its own.

Hours run around the clock; working hours, holidays and pauses come with the policy's clock classes.
"""

from datetime import datetime, timedelta

from returns.lifecycle.states import STATES


def due_after_step(source: str, target: str, *, promised: datetime | None, now: datetime) -> datetime | None:
    """When a case is due that goes from ``source`` to ``target`` now; ``promised`` is when it was due so far.

    A decision is promised to the shopper once: it becomes no later while a plan waits for approval or is sent back.
    """
    fresh = due(target, now)
    one_decision = STATES[source].is_before_decision and STATES[target].is_before_decision and source != target
    return min(promised, fresh) if promised and fresh and one_decision else fresh


def due(status: str, since: datetime) -> datetime | None:
    """When a case that entered ``status`` at ``since`` is due; None where the state has no time limit."""
    hours = STATES[status].hours
    return None if hours is None else since + timedelta(hours=hours)
