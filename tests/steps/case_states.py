"""Brings a case to any state by the product's own actions."""

from collections.abc import Callable
from decimal import Decimal

from django.contrib.auth.models import User

from feedback.surveys.actions import send_survey as ask_how_it_was
from inspection.actions import FindingDraft, conclude, receive
from refunds.approvals import actions as approvals
from refunds.payouts import manual, worker
from refunds.settlement import actions as settlement
from returns.lifecycle.actions import move
from returns.models import Case
from returns.portal import actions as portal
from returns.review import actions as review
from tests.steps import plans

Staff = dict[str, User]
Step = Callable[[Case, Staff], object]
S = Case.Status


def ask(case: Case, staff: Staff) -> None:
    review.request_information(case, by=staff["agent"], question="Which of the lamps?")


def consult(case: Case, staff: Staff) -> None:
    review.send_to_appraisal(case, by=staff["agent"], note="Is that wear?")


def reject(case: Case, staff: Staff) -> None:
    review.reject(case, by=staff["agent"], words="The lantern was used outdoors.")


def cancel(case: Case, staff: Staff) -> None:
    portal.cancel(case, by=case.customer)


def propose(case: Case, staff: Staff) -> None:
    plans.propose_plan(case, by=staff["agent"], gateway="manual")


def propose_credit(case: Case, staff: Staff) -> None:
    plans.propose_plan(case, by=staff["agent"], gateway="store_credit")


def offer(case: Case, staff: Staff) -> None:
    items = plans.draft_items(case, remedy="compensation", amount=Decimal("5.00"))
    plans.propose_offer(case, by=staff["agent"], items=items, goods_come_back=False, gateway="store_credit")
    approvals.approve(case, by=staff["manager"])


def approve(case: Case, staff: Staff) -> None:
    approvals.approve(case, by=staff["manager"])


def send(case: Case, staff: Staff) -> None:
    portal.ship(case, by=case.customer, carrier="DHL", tracking_number=f"JD{case.pk:09}")


def arrive(case: Case, staff: Staff) -> None:
    counted = {line.pk: line.requested for line in case.lines.all()}
    receive(case, by=staff["inspector"], counted=counted, parcel=case.parcels.last(), remarks="Box crushed.")


def judge(case: Case, staff: Staff) -> None:
    findings = [FindingDraft(line, "as_claimed", "scrap", "C", "Stays dark.") for line in case.lines.all()]
    conclude(case, by=staff["inspector"], findings=findings)


def settle(case: Case, staff: Staff) -> None:
    settlement.meet_verdict(case)


def pay(case: Case, staff: Staff) -> None:
    """Workers send what is due; finance confirms what goes by bank."""
    worker.pay_due()
    for refund in case.refunds.filter(status="sending"):
        manual.confirm_paid(refund, by=staff["finance"], reference=f"BACS-{refund.pk}")


def be_asked(case: Case, staff: Staff) -> None:
    ask_how_it_was(case)


def expire(case: Case, staff: Staff) -> None:
    move(case, Case.expire, by=None)


def close(case: Case, staff: Staff) -> None:
    move(case, Case.close, by=None)


BACK = (propose, approve, send, arrive)
STEPS_TO_STATE: dict[str, tuple[Step, ...]] = {
    S.SUBMITTED: (),
    S.WAITING_ON_SHOPPER: (ask,),
    S.IN_APPRAISAL: (consult,),
    S.OFFERED: (offer,),
    S.AWAITING_APPROVAL: (propose,),
    S.AUTHORISED: (propose, approve),
    S.IN_TRANSIT: (propose, approve, send),
    S.RECEIVED: BACK,
    S.INSPECTED: (*BACK, judge),
    S.SETTLING: (*BACK, judge, settle),
    S.RESOLVED: (*BACK, judge, settle, pay, be_asked),
    S.REJECTED: (reject,),
    S.CANCELLED: (cancel,),
    S.EXPIRED: (ask, expire),
    S.CLOSED: (cancel, close),
}


def take_steps(case: Case, staff: Staff, *steps: Step) -> Case:
    """Take the steps one after the other, each on the case as it is then."""
    for step in steps:
        step(reload_case(case), staff)
    return reload_case(case)


def bring_to_state(case: Case, staff: Staff, status: str) -> Case:
    """Bring a submitted case into ``status``."""
    return take_steps(case, staff, *STEPS_TO_STATE[status])


def reload_case(case: Case) -> Case:
    """The case as it is now."""
    return Case.objects.select_related("customer", "order", "shop").get(pk=case.pk)
