"""Progress of a case as the steps of the shopper's page. Pure: works on the logbook entries it is given."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from returns.lifecycle.states import STATES, ShopperStep
from returns.models import Case, LogEntry
from signoff.web.formatting import short_day

S, Step = Case.Status, ShopperStep
STARTS_ANEW = ("report_lost", "reopen", "appeal")


def shopper_steps(
    case: Case, log: Sequence[LogEntry], *, goods_expected: bool, money_back: bool
) -> list[dict[str, Any]]:
    """The steps of ``components/stepper.html``.

    ``log`` are all entries in their order; ``goods_expected``: goods will come back, until a plan decides;
    ``money_back``: the shopper wants only money.
    """
    status = _last_open(log) if case.status == S.CLOSED else case.status
    reached = _reached(log)
    stopped = STATES[status].ends_without_effect
    at = _stopped_at(reached) if stopped else _at(status, reached)
    travel = _goods_travel(reached, status, goods_expected)
    steps = [step for step in Step if travel or step not in (Step.SENT, Step.INSPECTED)]
    shown = [step for step in steps if step < at] if stopped else steps
    rows = [_step(step, at, status, _day(_completed(step, reached, log), case), money_back) for step in shown]
    if stopped:
        label, ended = str(STATES[status].shopper_label), _day(reached.get(status), case)
        rows.append({"label": label, "state": "stopped", "detail": ended})
    return rows


def _last_open(log: Sequence[LogEntry]) -> str:
    """The state of a closed case before it was closed."""
    return next(entry.source for entry in reversed(log) if entry.target == S.CLOSED and entry.source != S.CLOSED)


def _reached(log: Sequence[LogEntry]) -> dict[str, datetime]:
    """State → when it was reached, since the review last began again; goods that have arrived count as arrived."""
    reached: dict[str, datetime] = {}
    for entry in log:
        if entry.verb in STARTS_ANEW:
            reached = {status: at for status, at in reached.items() if status in (S.RECEIVED, S.INSPECTED)}
        if entry.source != entry.target:
            reached.setdefault(entry.target, entry.at)
    return reached


def _goods_travel(reached: dict[str, datetime], status: str, expected: bool) -> bool:
    if S.AUTHORISED in reached or S.RECEIVED in reached:
        return True
    return expected and status not in (S.SETTLING, S.RESOLVED)


def _at(status: str, reached: dict[str, datetime]) -> int:
    """The current step. A new plan after the inspection does not move the shopper back to the start."""
    step = STATES[status].shopper_step
    return Step.DONE if step is None or (step == Step.APPROVED and S.INSPECTED in reached) else step


def _stopped_at(reached: dict[str, datetime]) -> int:
    """The step during which the case ended without effect."""
    steps = (STATES[status].shopper_step for status in reached)
    return max((step for step in steps if step is not None), default=Step.APPROVED)


def _step(step: int, at: int, status: str, completed: str, money_back: bool) -> dict[str, Any]:
    if step < at or status == S.RESOLVED:
        return {"label": _label(step, money_back), "state": "done", "detail": completed}
    return {"label": _label(step, money_back), "state": "now" if step == at else "todo", "detail": ""}


def _completed(step: int, reached: dict[str, datetime], log: Sequence[LogEntry]) -> datetime | None:
    if step == Step.REQUESTED:
        return log[0].at
    return min((at for status, at in reached.items() if STATES[status].completes == step), default=None)


def _label(step: int, money_back: bool) -> str:
    last = pgettext("step", "Refund") if money_back else pgettext("step", "Completion")
    names = (
        _("Requested"),
        pgettext("step", "Review"),
        pgettext("step", "Return"),
        pgettext("step", "Inspection"),
        last,
    )
    return names[step]


def _day(moment: datetime | None, case: Case) -> str:
    return short_day(moment, case.shop.time_zone) if moment else ""
