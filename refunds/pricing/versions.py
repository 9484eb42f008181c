"""The plan in force, one at a time."""

from datetime import datetime

from refunds.models import Approval, Item, Resolution
from returns.lifecycle.states import STATES
from returns.logbook.locks import LockedCase
from returns.logbook.queries import log_of
from returns.logbook.writer import Actor, author_of
from returns.models import Case
from signoff.db.history import save_with_history
from signoff.db.prepared.batch import attach_prefetched as lay
from signoff.db.prepared.compiled import CompiledQuery

_IN_FORCE = CompiledQuery(lambda case: Resolution.objects.filter(case_id=case, superseded_at=None))
_ITEMS = CompiledQuery(
    lambda plan: (
        Item.objects.select_related("line__order_line__order", "line__reason", "shipping__order")
        .filter(resolution_id=plan)
        .order_by("pk")
    )
)
_APPROVALS = CompiledQuery(lambda plan: Approval.objects.filter(resolution_id=plan))


def in_force(case: Case) -> Resolution | None:
    """The version of the plan that counts now; refused, replaced and returned ones do not."""
    return _IN_FORCE.first(case.pk, case=case)


def lay_out(case: Case) -> Resolution | None:
    """``in_force`` with its items, their articles, orders and charges, and its approvals, each read once."""
    found = in_force(case)
    if found is not None:
        lay([found], "items", _ITEMS.all(found.pk, resolution=found), by="resolution_id")
        lay([found], "approvals", _APPROVALS.all(found.pk, resolution=found), by="resolution_id")
    return found


def lapsed(case: Case, resolution: Resolution) -> bool:
    """Whether the case ended, or went back to the review, before the version in force was carried out."""
    if STATES[case.status].has_plan:
        return False
    return not any(entry.verb == "settle" and entry.facts.get("resolution") == resolution.pk for entry in log_of(case))


def supersede(case: LockedCase, *, by: Actor, now: datetime) -> None:
    """End the version in force, if there is one."""
    resolution = in_force(case)
    if resolution is not None:
        resolution.case, resolution.superseded_at = case, now
        save(resolution, by=by, now=now)


def save(resolution: Resolution, *, by: Actor, now: datetime) -> None:
    """Save a resolution with a history row that tells who and when."""
    save_with_history(resolution, by=author_of(by), now=now)
