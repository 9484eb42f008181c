"""The plan in force, one at a time."""

from datetime import datetime

from django.db.models import Prefetch

from refunds.models import Item, Resolution
from returns.actions import Actor
from returns.actions.logbook import author_of
from returns.dossier import log_of
from returns.models import Case
from signoff.keeping import keep

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


def lay_out(case: Case) -> Resolution | None:
    """``in_force`` with its items, their articles, orders and charges, and its approvals, each read once."""
    items = Item.objects.select_related("line__order_line__order", "line__reason", "shipping__order").order_by("pk")
    plans = case.resolutions.filter(superseded_at=None)
    found = plans.prefetch_related(Prefetch("items", items), "approvals").first()
    if found is not None:
        found.case = case
    return found


def lapsed(case: Case, resolution: Resolution) -> bool:
    """Whether the case ended, or went back to the review, before the version in force was carried out."""
    if case.status not in WITHOUT_PLAN:
        return False
    return not any(entry.verb == "settle" and entry.facts.get("resolution") == resolution.pk for entry in log_of(case))


def supersede(case: Case, *, by: Actor, now: datetime) -> None:
    """End the version in force, if there is one; the case is locked by the caller."""
    resolution = in_force(case)
    if resolution is not None:
        resolution.case, resolution.superseded_at = case, now
        save(resolution, by=by, now=now)


def save(resolution: Resolution, *, by: Actor, now: datetime) -> None:
    """Save a resolution with a history row that tells who and when."""
    keep(resolution, by=author_of(by), now=now)
