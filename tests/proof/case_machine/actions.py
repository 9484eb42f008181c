"""The product's actions as the machine calls them: case, actor, variant of the input, version seen, time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inspection.actions import MOST_UNITS, CountRefused, FindingDraft, appraise, conclude, receive
from inspection.models import Appraisal, Finding
from refunds.approvals import actions as approvals
from refunds.ledger.caps import ExceedsRefundable
from refunds.models import Refund
from refunds.money import QuoteRefused
from refunds.payouts import manual
from refunds.plans import actions as plans
from refunds.plans.suggestion import draft_plan
from refunds.pricing.price_plan import ItemDraft
from refunds.pricing.rules import PlanRefused
from refunds.settlement import replacements
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.logbook.writer import Actor
from returns.models import Case
from returns.models.reasons import Remedy
from returns.portal import actions as portal
from returns.review import actions as review
from returns.review import assignment
from signoff.models import Customer, ShippingCharge
from tests.proof.case_machine.expected_steps import STAFF

REFUSALS = (
    *(approvals.ApprovalRefused, PlanRefused, QuoteRefused, manual.ReferenceTaken),
    *(ExceedsRefundable, ExceedsOrdered, CountRefused),
)
WRONG = 3  # the variant that asks for too much or says nonsense


@dataclass(frozen=True)
class Input:
    """What the machine hands to an action."""

    case: Case
    by: Actor
    variant: int
    seen: int | None
    now: datetime

    @property
    def usual(self) -> dict[str, object]:
        return {"by": self.by, "seen": self.seen, "now": self.now}


def _receive(say: Input) -> None:
    lines = list(say.case.lines.all())
    few = {lines[0].pk: 1}
    counted = {line.pk: line.requested for line in lines}
    more = counted | {lines[0].pk: lines[0].requested + 1}  # the desk decides about it
    wrong = [{lines[0].pk: MOST_UNITS + 1}, {lines[0].pk: 0}][say.now.day % 2]
    receive(say.case, counted=[counted, more, few, wrong][say.variant], **say.usual)


def _conclude(say: Input) -> None:
    kinds = [
        (Finding.Verdict.AS_CLAIMED, Finding.Disposition.RESTOCK),
        (Finding.Verdict.NO_FAULT_FOUND, Finding.Disposition.REFURBISH),
        (Finding.Verdict.NOT_OURS, Finding.Disposition.SEND_BACK),
    ]
    verdict, disposition = kinds[say.variant % 3]
    lines = [] if say.variant == WRONG else list(say.case.lines.filter(received__gt=0))
    conclude(say.case, findings=[FindingDraft(line, verdict, disposition) for line in lines], **say.usual)


def _plan(say: Input) -> dict[str, object]:
    """The suggested plan; with shipping; goods for all; or more units, or more money, than there are."""
    found = draft_plan(say.case)
    items, lines = list(found.items), list(say.case.lines.all())
    if say.variant == 1:
        charges = ShippingCharge.objects.filter(order=say.case.order)
        items += [ItemDraft(shipping=charge) for charge in charges]
    elif say.variant == 2:
        remedy = [Remedy.EXCHANGE, Remedy.RESEND, Remedy.COMPENSATION][say.now.hour % 3]
        amount = Decimal("3.30") if remedy == Remedy.COMPENSATION else None
        most = {line.pk: line.accepted if found.goods_come_back and line.received else line.requested for line in lines}
        items = [
            ItemDraft(line=line, remedy=remedy, quantity=units, amount=amount)
            for line in lines
            if (units := line.requested if remedy != Remedy.EXCHANGE else most[line.pk])
        ]
    elif say.variant == WRONG:
        too = {"quantity": lines[0].requested + 1} if say.now.day % 2 else {"quantity": 1, "amount": Decimal("999.99")}
        items = [ItemDraft(line=lines[0], **too)]
    needs = any(item.line and item.remedy in (Remedy.REFUND, Remedy.EXCHANGE) for item in items)
    gateway = [Refund.Gateway.MANUAL, Refund.Gateway.STORE_CREDIT][say.now.hour % 2]
    return {"items": items, "goods_come_back": found.goods_come_back and needs, "gateway": gateway}


def _refund(say: Input, action: Callable[..., object], **options: object) -> None:
    action(refund_of(say.case, say.variant), by=say.by, now=say.now, **options)


def refund_of(case: Case, variant: int) -> Refund | None:
    """One of the refunds of the case; the variants reach all of them."""
    refunds = list(case.refunds.select_related("case").order_by("pk"))
    return refunds[variant % len(refunds)] if refunds else None


def _send(say: Input) -> None:
    owed = list(say.case.replacements.order_by("pk"))
    replacements.send_replacement(
        owed[say.variant % len(owed)], by=say.by, carrier="DHL", tracking_number="JJD1", now=say.now
    )


def _reopen(say: Input) -> None:
    if isinstance(say.by, Customer) and portal.is_within_window(say.case, now=say.now):
        portal.reopen(say.case, words="It broke again.", **say.usual)
    else:
        review.reopen(say.case, note="Again.", **say.usual)


def reference(say: Input) -> str:
    return f"TRX-{say.now.hour % 5}-{say.variant}"


#: name → what is done
ACTIONS: dict[str, Callable[[Input], object]] = {
    "request_information": lambda say: review.request_information(say.case, question="Which?", **say.usual),
    "supply_information": lambda say: portal.supply_information(say.case, words="This one.", **say.usual),
    "send_to_appraisal": lambda say: review.send_to_appraisal(say.case, note="Real?", **say.usual),
    "record_appraisal": lambda say: appraise(
        say.case, verdict=Appraisal.Verdict.DEFECTIVE, words="Broken.", **say.usual
    ),
    "report_lost": lambda say: review.report_lost(say.case, note="Gone.", **say.usual),
    "reject": lambda say: review.reject(say.case, words="Too late.", **say.usual),
    "reopen": _reopen,
    "cancel": lambda say: portal.cancel(say.case, reason="Never mind.", **say.usual),
    "appeal": lambda say: portal.appeal(say.case, words="Look again.", **say.usual),
    "ship": lambda say: portal.ship(say.case, carrier="DHL", tracking_number="JJD0", **say.usual),
    "receive": _receive,
    "inspect": _conclude,
    "propose": lambda say: plans.propose(say.case, **_plan(say), **say.usual),
    "offer": lambda say: plans.offer(say.case, words="What about this?", **_plan(say), **say.usual),
    "accept_offer": lambda say: plans.accept_offer(say.case, **say.usual),
    "decline_offer": lambda say: plans.decline_offer(say.case, words="No.", **say.usual),
    "take_back": lambda say: plans.take_back(say.case, **say.usual),
    "approve": lambda say: approvals.approve(say.case, **say.usual),
    "send_back": lambda say: approvals.send_back(say.case, note="Less.", **say.usual),
    "reject_plan": lambda say: approvals.reject_plan(say.case, words="No.", **say.usual),
    "take": lambda say: assignment.take(say.case, by=say.by, now=say.now),
    "hand_back": lambda say: assignment.hand_back(say.case, by=say.by, now=say.now),
    "confirm_paid": lambda say: _refund(say, manual.confirm_paid, reference=reference(say)),
    "mark_failed": lambda say: _refund(say, manual.mark_failed, why="No such account"),
    "retry": lambda say: _refund(say, manual.retry),
    "send_replacement": _send,
}
#: actions that only members of staff can be asked to do
STAFF_ONLY = {"take_back", "approve", "send_back", "reject_plan", "take", "hand_back"}
OF_REFUNDS = {"confirm_paid", "mark_failed", "retry"}


def fitting(name: str, actor: str) -> str:
    """The actor, or an agent where the action cannot even be asked of anybody but staff."""
    return "agent" if name in STAFF_ONLY and actor not in STAFF else actor
