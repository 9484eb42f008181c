"""Replay a past return as a case, from review to closed, by the usual actions at the times of the file."""

from django.db.models import Q

from inspection.actions import FindingDraft, conclude, receive
from inspection.models import Finding
from refunds.approvals import actions as approvals
from refunds.approvals.queries import count_approvals
from refunds.history_import.file import Slip
from refunds.history_import.service_users import ServiceUsers
from refunds.models import Refund
from refunds.payouts import manual, worker
from refunds.plans import actions as plans
from refunds.plans.suggestion import draft_plan
from refunds.settlement import actions as settlement
from returns.lifecycle.actions import move
from returns.lifecycle.states import STATES
from returns.models import Case


class Stuck(RuntimeError):
    """A case did not change state although its next action ran; the message says which, where and why."""


def replay_case(case: Case, slip: Slip, *, staff: ServiceUsers) -> Case:
    """Run the steps that move ``case`` from its state to the last one, as service users where a person is needed.

    Raises ``Stuck`` if somebody else's action has made the next step impossible.
    """
    while action := ACTIONS.get(STATES[case.status].main_step):
        before = case.seq
        action(case, slip, staff)
        case = Case.objects.select_related("order", "customer").get(pk=case.pk)
        if case.seq == before:
            raise Stuck(f"{slip.invoice}: case {case.number} stays “{case.status}”; look at it in the desk.")
    return case


def _propose(case: Case, slip: Slip, staff: ServiceUsers) -> None:
    drafted = draft_plan(case)
    plans.propose(
        case, by=staff.agent, items=drafted.items, goods_come_back=True, gateway=Refund.Gateway.MANUAL, now=slip.at
    )


def _approve(case: Case, slip: Slip, staff: ServiceUsers) -> None:
    approval_count = count_approvals(case.resolutions.get(superseded_at=None))
    approvals.approve(case, by=staff.manager(approval_count + 1), now=slip.at)


def _receive(case: Case, slip: Slip, staff: ServiceUsers) -> None:
    receive(case, by=staff.inspector, counted={line.pk: line.requested for line in case.lines.all()}, now=slip.at)


def _conclude(case: Case, slip: Slip, staff: ServiceUsers) -> None:
    findings = [
        FindingDraft(line, Finding.Verdict.AS_CLAIMED, Finding.Disposition.RESTOCK) for line in case.lines.all()
    ]
    conclude(case, by=staff.inspector, findings=findings, now=slip.at)


def _settle(case: Case, slip: Slip, staff: ServiceUsers) -> None:
    settlement.meet_verdict(case, now=slip.at)


def _pay(case: Case, slip: Slip, staff: ServiceUsers) -> None:
    """Send each refund as a worker would, then confirm it as finance would."""
    for refund in case.refunds.filter(~Q(status=Refund.Status.PAID)).order_by("pk"):
        worker.pay(refund, now=slip.at)
        manual.confirm_paid(refund, by=staff.finance, reference=_reference(case, slip), now=slip.at)


def _reference(case: Case, slip: Slip) -> str:
    """The return invoice; with the case's number if another payment has that reference."""
    taken_numbers = set(
        Refund.objects.filter(gateway=Refund.Gateway.MANUAL, provider_reference__startswith=slip.invoice).values_list(
            "provider_reference", flat=True
        )
    )
    names = [slip.invoice, *(f"{slip.invoice}/{case.number}/{place}" for place in range(1, len(taken_numbers) + 2))]
    return next(name for name in names if name not in taken_numbers)


def _close(case: Case, slip: Slip, staff: ServiceUsers) -> None:
    """Close the case after its appeal period, at the times of the file."""
    move(case, Case.close, by=None, now=case.due_at)


#: the main step of a state → the function that runs it; the file has no data about the goods before they arrive
ACTIONS = {
    "propose": _propose,
    "authorise": _approve,
    "ship": _receive,
    "inspect": _conclude,
    "settle": _settle,
    "resolve": _pay,
    "close": _close,
}
