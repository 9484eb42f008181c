"""What happens in the demo's cases: each story is a list of actions, run at moments on the way to today.

A story is written as the names of the steps below. Its steps are spread over the time since the case was
opened; the last one lies ``waits`` hours before the demo is loaded, so that ages and lateness are believable.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User

from config.demo import words
from config.demo.catalogue import TIERS, DemoShop
from config.demo.words import said
from feedback.surveys.actions import answer_and_close
from feedback.surveys.actions import ask as ask_survey
from inspection.actions import FindingDraft, appraise, conclude, receive
from refunds.approvals import actions as approvals
from refunds.payouts import manual, worker
from refunds.plans import actions as plans
from refunds.plans import suggestion
from refunds.pricing.price_plan import ItemDraft
from refunds.settlement import actions as settlement
from refunds.settlement import replacements
from returns.lifecycle.actions import move
from returns.models import Case
from returns.models.reasons import Remedy
from returns.portal import actions as portal
from returns.review import actions as review
from returns.review import assignment
from signoff.db.required import required


@dataclass
class Stage:
    """One case being played: who plays, and what time it is."""

    case: Case
    demo: DemoShop
    staff: dict[str, User]
    rng: random.Random
    now: datetime
    language: str = field(init=False)
    agent: User = field(init=False)

    def __post_init__(self) -> None:
        self.language = self.case.language
        self.agent = self.staff[self.rng.choice(("agent", "agent2"))]

    def say(self, what: tuple[str, str, str]) -> str:
        return said(what, self.language)


def take(s: Stage) -> None:
    assignment.take(s.case, by=s.agent, now=s.now)


def ask(s: Stage) -> None:
    review.request_information(s.case, by=s.agent, question=s.say(words.QUESTION), now=s.now)


def answer(s: Stage) -> None:
    portal.supply_information(s.case, by=s.case.customer, words=s.say(words.ANSWER), now=s.now)


def to_expert(s: Stage) -> None:
    review.send_to_appraisal(s.case, by=s.agent, now=s.now)


def expert(s: Stage) -> None:
    appraise(s.case, by=s.staff["inspector"], verdict="defective", words=s.say(words.APPRAISAL), now=s.now)


def reject(s: Stage) -> None:
    review.reject(s.case, by=s.agent, words=s.say(words.REFUSAL), now=s.now)


def appeal(s: Stage) -> None:
    portal.appeal(s.case, by=s.case.customer, words=s.say(words.APPEAL), now=s.now)


def cancel(s: Stage) -> None:
    portal.cancel(s.case, by=s.case.customer, now=s.now)


def propose(s: Stage) -> None:
    draft = suggestion.draft_plan(s.case)
    plans.propose(
        s.case, by=s.agent, items=draft.items, goods_come_back=draft.goods_come_back, gateway="manual", now=s.now
    )


def propose_credit(s: Stage) -> None:
    draft = suggestion.draft_plan(s.case)
    plans.propose(
        s.case, by=s.agent, items=draft.items, goods_come_back=draft.goods_come_back, gateway="store_credit", now=s.now
    )


def propose_resend(s: Stage) -> None:
    items = [ItemDraft(line=line, remedy=Remedy.RESEND, quantity=line.requested) for line in s.case.lines.all()]
    plans.propose(s.case, by=s.agent, items=items, goods_come_back=False, gateway="manual", now=s.now)


def propose_keep(s: Stage) -> None:
    """The money back without the goods."""
    items = [ItemDraft(line=line, remedy=Remedy.REFUND, quantity=line.requested) for line in s.case.lines.all()]
    plans.propose(s.case, by=s.agent, items=items, goods_come_back=False, gateway="manual", now=s.now)


def offer(s: Stage) -> None:
    line = required(s.case.lines.select_related("order_line").first())
    bought = line.order_line
    amount = (bought.gross * line.requested / bought.quantity / 5).quantize(Decimal("0.01"))
    item = ItemDraft(line=line, remedy=Remedy.COMPENSATION, quantity=line.requested, amount=amount)
    plans.offer(
        s.case,
        by=s.agent,
        items=[item],
        goods_come_back=False,
        gateway="store_credit",
        words=s.say(words.OFFER),
        now=s.now,
    )


def accept(s: Stage) -> None:
    plans.accept_offer(s.case, by=s.case.customer, now=s.now)


def decline(s: Stage) -> None:
    plans.decline_offer(s.case, by=s.case.customer, words=s.say(words.DECLINE), now=s.now)


def approve(s: Stage) -> None:
    """One manager, and the second where the tier asks for two."""
    approvals.approve(s.case, by=s.staff["manager"], now=s.now)
    if Case.objects.get(pk=s.case.pk).status == Case.Status.AWAITING_APPROVAL:
        approvals.approve(s.case, by=s.staff["manager2"], now=s.now + timedelta(minutes=25))


def approve_once(s: Stage) -> None:
    """The first of two."""
    approvals.approve(s.case, by=s.staff["manager"], now=s.now)


def send_back(s: Stage) -> None:
    approvals.send_back(s.case, by=s.staff["manager"], note=s.say(words.SEND_BACK), now=s.now)


def ship(s: Stage) -> None:
    number = f"RET{s.rng.randrange(10**9, 10**10)}"
    portal.ship(s.case, by=s.case.customer, carrier=s.rng.choice(s.demo.carriers), tracking_number=number, now=s.now)


def arrive(s: Stage) -> None:
    counted = {line.pk: line.requested for line in s.case.lines.all()}
    receive(s.case, by=s.staff["inspector"], counted=counted, parcel=s.case.parcels.last(), now=s.now)


def inspect(s: Stage) -> None:
    """What came back is what was claimed."""
    _conclude(s, "no_fault_found", "restock", "A", words.FOUND, claimed=True)


def inspect_other(s: Stage) -> None:
    """The bench sees it otherwise."""
    _conclude(s, "not_ours", "send_back", "B", words.OTHER_FOUND, claimed=False)


def follow(s: Stage) -> None:
    settlement.meet_verdict(s.case, now=s.now)


def pay(s: Stage) -> None:
    """Workers send what is due; finance confirms what goes by bank."""
    send(s)
    for refund in s.case.refunds.filter(status="sending"):
        manual.confirm_paid(refund, by=s.staff["finance"], reference=_reference(s), now=s.now)


def send(s: Stage) -> None:
    for refund in s.case.refunds.filter(status="due"):
        worker.pay(refund, now=s.now)


def bank_refuses(s: Stage) -> None:
    send(s)
    for refund in s.case.refunds.filter(status="sending"):
        manual.mark_failed(refund, by=s.staff["finance"], why=s.say(words.BANK_REFUSED), now=s.now)


def retry(s: Stage) -> None:
    for refund in s.case.refunds.filter(status="failed"):
        manual.retry(refund, by=s.staff["finance"], now=s.now)


def send_goods(s: Stage) -> None:
    for replacement in s.case.replacements.filter(parcel=None):
        number = f"OUT{s.rng.randrange(10**9, 10**10)}"
        carrier = s.rng.choice(s.demo.carriers)
        replacements.send_replacement(replacement, by=s.agent, carrier=carrier, tracking_number=number, now=s.now)


def survey(s: Stage) -> None:
    happy = s.rng.random() < 0.75
    answer_and_close(
        ask_survey(s.case, now=s.now),
        satisfaction=s.rng.choice((4, 5)) if happy else s.rng.choice((1, 2, 3)),
        ease=s.rng.choice((4, 5, 5)) if happy else s.rng.choice((2, 3)),
        words=s.say(words.PRAISE if happy else words.GRUMBLE),
        now=s.now,
    )


def expire(s: Stage) -> None:
    move(s.case, Case.expire, by=None, now=s.now)


def close(s: Stage) -> None:
    move(s.case, Case.close, by=None, now=s.now)


Deed = Callable[[Stage], None]

SENT_IN: list[Deed] = [take, propose, approve, ship]
BACK: list[Deed] = [*SENT_IN, arrive]
PAID: list[Deed] = [*BACK, inspect, follow, pay]
#: what agents do about a case that has opened by itself: nothing need come back
PUT_RIGHT: list[Deed] = [take, propose_keep, approve, pay, close]


@dataclass(frozen=True)
class Story:
    """``count`` cases that went through ``deeds``; the last happened up to ``waits`` hours ago.

    With ``above`` (amounts by currency) a case is about the whole of an order whose goods cost more than that.
    """

    count: int
    deeds: list[Deed]
    waits: int
    reasons: tuple[str, ...]
    remedy: str = "refund"
    above: Mapping[str, int] = field(default_factory=dict)


ANY = ("defective", "poor_finish", "wrong_item", "size", "changed_mind", "not_as_described")
FAULTS = ("defective", "poor_finish")
TWO_APPROVE = {currency: above for currency, tiers in TIERS.items() for above, approvers in tiers if approvers == 2}
BROKEN = ("damaged_in_transit", "missing")

STORIES = (
    Story(9, [], 34, ANY),
    Story(3, [], 30, BROKEN, "resend"),
    Story(4, [take], 20, ANY),
    Story(3, [take, ask, answer], 20, FAULTS),
    Story(5, [take, ask], 150, FAULTS),
    Story(2, [take, ask, expire], 100, ANY),
    Story(3, [take, to_expert], 60, FAULTS),
    Story(2, [take, to_expert, expert], 16, FAULTS),
    Story(4, [take, offer], 120, BROKEN),
    Story(2, [take, offer, decline], 14, BROKEN),
    Story(2, [take, offer, accept], 12, BROKEN),
    Story(3, [take, offer, accept, approve, pay], 160, BROKEN),
    Story(7, [take, propose], 32, ANY),
    Story(2, [take, propose, send_back], 12, ANY),
    Story(2, [take, propose_credit], 20, ANY),
    Story(8, [take, propose, approve], 300, ANY),
    Story(8, SENT_IN, 260, ANY),
    Story(5, BACK, 60, ANY),
    Story(3, [*BACK, inspect_other, follow], 30, ANY),
    Story(4, [*BACK, inspect, follow, send], 60, ANY),
    Story(2, [*BACK, inspect, follow, bank_refuses], 40, ANY),
    Story(2, [*BACK, inspect, follow, bank_refuses, retry, pay], 90, ANY),
    Story(2, [take, propose_resend, approve], 40, BROKEN, "resend"),
    Story(3, [take, propose_resend, approve, send_goods], 200, BROKEN, "resend"),
    Story(4, [take, propose_keep, approve, pay], 200, BROKEN),
    Story(7, PAID, 250, ANY),
    Story(11, [*PAID, survey], 900, ANY),
    Story(4, [*PAID, close], 700, ANY),
    Story(4, [take, reject], 250, ANY),
    Story(2, [take, reject, appeal], 20, ANY),
    Story(2, [take, reject, close], 700, ANY),
    Story(3, [cancel], 200, ANY),
    Story(2, [cancel, close], 700, ANY),
    Story(2, [take, propose, approve_once], 20, FAULTS, above=TWO_APPROVE),
)


def _conclude(
    s: Stage, verdict: str, disposition: str, grade: str, found: tuple[str, str, str], *, claimed: bool
) -> None:
    findings = []
    for line in s.case.lines.filter(received__gt=0).select_related("reason"):
        as_said = claimed and line.reason.liability != "shopper"
        findings.append(FindingDraft(line, "as_claimed" if as_said else verdict, disposition, grade, s.say(found)))
    conclude(s.case, by=s.staff["inspector"], findings=findings, now=s.now)


def _reference(s: Stage) -> str:
    return (
        f"BACS{s.rng.randrange(10**8, 10**9)}" if s.demo.country == "GB" else f"ICBC{s.rng.randrange(10**11, 10**12)}"
    )
