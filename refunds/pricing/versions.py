"""Versions of a plan; at most one of a case is in force."""

from datetime import datetime

from refunds.models import Resolution
from refunds.pricing.queries import plan_in_force
from returns.lifecycle.states import STATES
from returns.logbook.locks import LockedCase
from returns.logbook.queries import log_of
from returns.logbook.writer import Actor, author_of
from returns.models import Case
from signoff.db.history import save_with_history

#: the steps that begin to carry out a plan
SETTLES = ("settle", "accept_offer_and_settle")


def lapsed(case: Case, resolution: Resolution) -> bool:
    """Whether the case ended, or went back to the review, before the version in force was carried out."""
    if STATES[case.status].has_plan:
        return False
    return not any(entry.verb in SETTLES and entry.facts.get("resolution") == resolution.pk for entry in log_of(case))


def supersede(case: LockedCase, *, by: Actor, now: datetime) -> None:
    """End the version in force, if there is one."""
    resolution = plan_in_force(case)
    if resolution is not None:
        resolution.case, resolution.superseded_at = case, now
        save(resolution, by=by, now=now)


def save(resolution: Resolution, *, by: Actor, now: datetime) -> None:
    """Save a resolution with a history row: who and when."""
    save_with_history(resolution, by=author_of(by), now=now)
