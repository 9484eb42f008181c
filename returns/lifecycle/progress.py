"""Progress of a case as a row of stages, for the desk. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from returns.lifecycle.states import FINISHED, STATES, DeskStage, Status

STAGES = (
    _("Requested"),
    _("Review"),
    _("Approval"),
    _("Return shipping"),
    _("Inspection"),
    _("Completing"),
    _("Resolved"),
)
SKIPPABLE = (DeskStage.TRANSPORT, DeskStage.INSPECTION)  # without goods to wait for these two never happen


@dataclass(frozen=True)
class Stage:
    """One dot of ``components/stepper.html``; ``state`` is done, now, stopped or todo."""

    label: str | Promise
    state: str
    detail: str | Promise = ""


def stages(status: str, visited: Sequence[str]) -> list[Stage]:
    """The stages of a case in ``status`` that has been in ``visited`` (oldest first, from the logbook)."""
    if status == Status.RESOLVED or (status == Status.CLOSED and Status.RESOLVED in visited):
        return [Stage(STAGES[index], "done") for index in _walked(len(STAGES), visited)]
    if status in FINISHED:
        return _stopped(status, visited)
    here = STATES[status].stage or DeskStage.REVIEW
    done = [Stage(STAGES[index], "done") for index in _walked(here, visited)]
    ahead = [Stage(label, "todo") for label in STAGES[here + 1 :]]
    return [*done, Stage(STAGES[here], "now", Status(status).label), *ahead]


def _stopped(status: str, visited: Sequence[str]) -> list[Stage]:
    """The stages of a case that ended without a remedy: none lies ahead."""
    ends = [state for state in visited if state in FINISHED and state != Status.CLOSED]
    last = next(reversed(_stages_of(visited)), DeskStage.REVIEW)
    how = Status(ends[-1] if status == Status.CLOSED and ends else status).label
    return [*(Stage(STAGES[index], "done") for index in _walked(last, visited)), Stage(STAGES[last], "stopped", how)]


def _walked(until: int, visited: Sequence[str]) -> list[int]:
    """The stages before ``until`` that were not skipped."""
    seen = _stages_of(visited)
    return [index for index in range(until) if index not in SKIPPABLE or index in seen]


def _stages_of(visited: Sequence[str]) -> list[DeskStage]:
    stages = (STATES[status].stage for status in visited)
    return [stage for stage in stages if stage is not None]
