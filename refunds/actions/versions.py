"""The plan in force, one at a time."""

from datetime import datetime

from refunds.models import Resolution
from returns.actions import Actor
from returns.models import Case
from signoff.models import Customer


def in_force(case: Case) -> Resolution | None:
    """The version of the plan that counts now; refused, replaced and returned ones do not."""
    return case.resolutions.filter(superseded_at=None).first()


def supersede(case: Case, *, by: Actor, now: datetime) -> None:
    """End the version in force, if there is one; the case is locked by the caller."""
    resolution = in_force(case)
    if resolution is not None:
        resolution.superseded_at = now
        save(resolution, by=by, now=now)


def save(resolution: Resolution, *, by: Actor, now: datetime) -> None:
    """Save a resolution with a history row that tells who and when."""
    resolution._history_user = None if isinstance(by, Customer) else by
    resolution._history_date = now
    resolution.save()
