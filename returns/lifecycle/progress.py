"""How far a case has come: the stages of its life as a row of dots. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from returns.models import Case
from returns.models.queues import FINISHED

S = Case.Status

STAGES = (
    _("Requested"),
    _("Review"),
    _("Approval"),
    _("Goods on the way"),
    _("Inspection"),
    _("Settlement"),
    _("Put right"),
)
#: state → its stage, as an index of ``STAGES``
AT = {
    S.SUBMITTED: 1,
    S.WAITING_ON_SHOPPER: 1,
    S.IN_APPRAISAL: 1,
    S.OFFERED: 1,
    S.AWAITING_APPROVAL: 2,
    S.AUTHORISED: 3,
    S.IN_TRANSIT: 3,
    S.RECEIVED: 4,
    S.INSPECTED: 4,
    S.SETTLING: 5,
    S.RESOLVED: 6,
}
SKIPPABLE = (3, 4)  # without goods to wait for these two never happen


@dataclass(frozen=True)
class Stage:
    """One dot of ``components/stepper.html``; ``state`` is done, now, stopped or todo."""

    label: str | Promise
    state: str
    detail: str | Promise = ""


def stages(status: str, visited: Sequence[str]) -> list[Stage]:
    """The stages of a case in ``status`` that has been in ``visited`` (oldest first, as the logbook tells)."""
    if status == S.RESOLVED or (status == S.CLOSED and S.RESOLVED in visited):
        return [Stage(STAGES[index], "done") for index in _walked(len(STAGES), visited)]
    if status in FINISHED:
        return _stopped(status, visited)
    here = AT[status]
    done = [Stage(STAGES[index], "done") for index in _walked(here, visited)]
    ahead = [Stage(label, "todo") for label in STAGES[here + 1 :]]
    return [*done, Stage(STAGES[here], "now", Case.Status(status).label), *ahead]


def _stopped(status: str, visited: Sequence[str]) -> list[Stage]:
    """It ended before it was put right: nothing lies ahead."""
    ends = [state for state in visited if state in FINISHED and state != S.CLOSED]
    last = next((AT[state] for state in reversed(visited) if state in AT), 1)
    how = Case.Status(ends[-1] if status == S.CLOSED and ends else status).label
    return [*(Stage(STAGES[index], "done") for index in _walked(last, visited)), Stage(STAGES[last], "stopped", how)]


def _walked(until: int, visited: Sequence[str]) -> list[int]:
    """The stages before ``until`` that were not skipped."""
    seen = {AT[state] for state in visited if state in AT}
    return [index for index in range(until) if index not in SKIPPABLE or index in seen]
