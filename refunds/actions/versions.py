"""The plan in force, one at a time."""

from datetime import datetime

from refunds.models import Resolution
from returns.actions import Actor
from returns.dossier import log_of
from returns.models import Case
from signoff.models import Customer

#: states in which no plan is on its way; one that was carried out before stays in force
WITHOUT_PLAN = (
    Case.Status.SUBMITTED,
    Case.Status.WAITING_ON_SHOPPER,
    Case.Status.IN_APPRAISAL,
    Case.Status.REJECTED,
    Case.Status.WITHDRAWN,
    Case.Status.EXPIRED,
    Case.Status.CLOSED,
)


def in_force(case: Case) -> Resolution | None:
    """The version of the plan that counts now; refused, replaced and returned ones do not."""
    return case.resolutions.filter(superseded_at=None).first()


def lapsed(case: Case, resolution: Resolution) -> bool:
    """Whether the case ended, or went back to the review, before the version in force was carried out."""
    if case.status not in WITHOUT_PLAN:
        return False
    return not any(entry.verb == "settle" and entry.facts.get("resolution") == resolution.pk for entry in log_of(case))


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
