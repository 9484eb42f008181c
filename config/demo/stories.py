"""Stories of the demo's cases: each is a list of steps, and a step runs one action of the product.

``config.demo.cases`` spreads the steps over the time since the case was opened. The last one is up to ``waits`` hours
before the demo is loaded, so that the ages of cases and overdue ones are believable.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo import texts
from config.demo.catalogue import TIERS, DemoShop
from config.demo.drawings import photo
from config.demo.texts import Translations, text_in
from feedback.surveys.actions import answer_and_close
from feedback.surveys.actions import send_survey as ask_survey
from inspection.actions import FindingDraft, appraise, conclude, receive
from inspection.photos import store_photos
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
from signoff.pictures.clean import clean


@dataclass
class StoryState:
    """The case of a story with everything that a step needs: staff, random generator, and the time of the step."""

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

    def text(self, translations: Translations) -> str:
        return text_in(translations, self.language)


def take(state: StoryState) -> None:
    assignment.take(state.case, by=state.agent, now=state.now)


def ask(state: StoryState) -> None:
    review.request_information(state.case, by=state.agent, question=state.text(texts.QUESTION), now=state.now)


def answer(state: StoryState) -> None:
    portal.supply_information(state.case, by=state.case.customer, words=state.text(texts.ANSWER), now=state.now)


def send_to_appraisal(state: StoryState) -> None:
    review.send_to_appraisal(state.case, by=state.agent, now=state.now)


def give_appraisal(state: StoryState) -> None:
    appraise(
        state.case, by=state.staff["inspector"], verdict="defective", words=state.text(texts.APPRAISAL), now=state.now
    )


def reject(state: StoryState) -> None:
    review.reject(state.case, by=state.agent, words=state.text(texts.REJECTION), now=state.now)


def appeal(state: StoryState) -> None:
    portal.appeal(state.case, by=state.case.customer, words=state.text(texts.APPEAL), now=state.now)


def cancel(state: StoryState) -> None:
    portal.cancel(state.case, by=state.case.customer, now=state.now)


def propose(state: StoryState) -> None:
    draft = suggestion.draft_plan(state.case)
    plans.propose(
        state.case,
        by=state.agent,
        items=draft.items,
        goods_come_back=draft.goods_come_back,
        now=state.now,
    )


def propose_credit(state: StoryState) -> None:
    draft = suggestion.draft_plan(state.case)
    plans.propose(
        state.case,
        by=state.agent,
        items=draft.items,
        goods_come_back=draft.goods_come_back,
        gateway="store_credit",
        now=state.now,
    )


def propose_resend(state: StoryState) -> None:
    items = [ItemDraft(line=line, remedy=Remedy.RESEND, quantity=line.requested) for line in state.case.lines.all()]
    plans.propose(state.case, by=state.agent, items=items, goods_come_back=False, now=state.now)


def propose_keep(state: StoryState) -> None:
    """Refund everything; the shopper keeps the goods."""
    items = [ItemDraft(line=line, remedy=Remedy.REFUND, quantity=line.requested) for line in state.case.lines.all()]
    plans.propose(state.case, by=state.agent, items=items, goods_come_back=False, now=state.now)


def offer(state: StoryState) -> None:
    line = required(state.case.lines.select_related("order_line").first())
    bought = line.order_line
    amount = (bought.gross * line.requested / bought.quantity / 5).quantize(Decimal("0.01"))
    item = ItemDraft(line=line, remedy=Remedy.COMPENSATION, quantity=line.requested, amount=amount)
    plans.offer(
        state.case,
        by=state.agent,
        items=[item],
        goods_come_back=False,
        gateway="store_credit",
        words=state.text(texts.OFFER),
        now=state.now,
    )


def accept(state: StoryState) -> None:
    plans.accept_offer(state.case, by=state.case.customer, now=state.now)


def decline(state: StoryState) -> None:
    plans.decline_offer(state.case, by=state.case.customer, words=state.text(texts.DECLINE), now=state.now)


def approve(state: StoryState) -> None:
    """Approve by one manager, and by a second where the tier needs two."""
    approvals.approve(state.case, by=state.staff["manager"], now=state.now)
    if Case.objects.get(pk=state.case.pk).status == Case.Status.AWAITING_APPROVAL:
        approvals.approve(state.case, by=state.staff["manager2"], now=state.now + timedelta(minutes=25))


def approve_once(state: StoryState) -> None:
    """Approve by the first of two managers; the second is still missing."""
    approvals.approve(state.case, by=state.staff["manager"], now=state.now)


def send_back(state: StoryState) -> None:
    approvals.send_back(state.case, by=state.staff["manager"], note=state.text(texts.SEND_BACK), now=state.now)


def ship(state: StoryState) -> None:
    number = f"RET{state.rng.randrange(10**9, 10**10)}"
    portal.ship(
        state.case,
        by=state.case.customer,
        carrier=state.rng.choice(state.demo.carriers),
        tracking_number=number,
        now=state.now,
    )


def arrive(state: StoryState) -> None:
    """The bench photographs each article before it counts."""
    rng = random.Random(state.case.number)
    for line in state.case.lines.select_related("order_line"):
        drawing = line.order_line.picture.removeprefix("demo/").removesuffix(".svg")
        taken = SimpleUploadedFile("bench.jpg", photo(drawing, damage="none", rng=rng), "image/jpeg")
        store_photos([clean(taken)], case=state.case, by=state.staff["inspector"], line=line)
    state.case.photos.update(uploaded_at=state.now)
    counted = {line.pk: line.requested for line in state.case.lines.all()}
    receive(state.case, by=state.staff["inspector"], counted=counted, parcel=state.case.parcels.last(), now=state.now)


def inspect(state: StoryState) -> None:
    """The inspection confirms what the shopper claimed."""
    _conclude(state, "no_fault_found", "restock", "A", texts.FINDING, claimed=True)


def inspect_other(state: StoryState) -> None:
    """The inspection finds no fault of ours; the goods go back to the shopper."""
    _conclude(state, "not_ours", "send_back", "B", texts.OTHER_FINDING, claimed=False)


def carry_out_verdict(state: StoryState) -> None:
    settlement.meet_verdict(state.case, now=state.now)


def pay(state: StoryState) -> None:
    """Send the refunds that are due; finance confirms bank transfers by hand."""
    send_refunds(state)
    for refund in state.case.refunds.filter(status="sending"):
        manual.confirm_paid(refund, by=state.staff["finance"], reference=_reference(state), now=state.now)


def send_refunds(state: StoryState) -> None:
    for refund in state.case.refunds.filter(status="due"):
        worker.pay(refund, now=state.now)


def return_by_bank(state: StoryState) -> None:
    send_refunds(state)
    for refund in state.case.refunds.filter(status="sending"):
        manual.mark_failed(refund, by=state.staff["finance"], why=state.text(texts.BANK_REFUSED), now=state.now)


def retry_refund(state: StoryState) -> None:
    for refund in state.case.refunds.filter(status="failed"):
        manual.retry(refund, by=state.staff["finance"], now=state.now)


def send_goods(state: StoryState) -> None:
    for replacement in state.case.replacements.filter(parcel=None):
        number = f"OUT{state.rng.randrange(10**9, 10**10)}"
        carrier = state.rng.choice(state.demo.carriers)
        replacements.send_replacement(
            replacement, by=state.agent, carrier=carrier, tracking_number=number, now=state.now
        )


def survey(state: StoryState) -> None:
    happy = state.rng.random() < 0.75
    answer_and_close(
        ask_survey(state.case, now=state.now),
        satisfaction=state.rng.choice((4, 5)) if happy else state.rng.choice((1, 2, 3)),
        ease=state.rng.choice((4, 5, 5)) if happy else state.rng.choice((2, 3)),
        words=state.text(texts.PRAISE if happy else texts.CRITICISM),
        now=state.now,
    )


def expire(state: StoryState) -> None:
    move(state.case, Case.expire, by=None, now=state.now)


def close(state: StoryState) -> None:
    move(state.case, Case.close, by=None, now=state.now)


StoryStep = Callable[[StoryState], None]

SHIPPED_BACK: list[StoryStep] = [take, propose, approve, ship]
ARRIVED: list[StoryStep] = [*SHIPPED_BACK, arrive]
PAID: list[StoryStep] = [*ARRIVED, inspect, carry_out_verdict, pay]
#: steps of a case that the sign-off opened automatically: the shopper keeps the goods
FAULT_STEPS: list[StoryStep] = [take, propose_keep, approve, pay, close]


@dataclass(frozen=True)
class Story:
    """``count`` cases with the same ``steps``; the last step was up to ``waits`` hours ago.

    With ``above`` (amounts by currency) a case is about all items of an order whose goods cost more than that.
    """

    count: int
    steps: list[StoryStep]
    waits: int
    reasons: tuple[str, ...]
    remedy: str = "refund"
    above: Mapping[str, int] = field(default_factory=dict)


ANY = ("defective", "poor_finish", "wrong_item", "size", "changed_mind", "not_as_described")
FAULTS = ("defective", "poor_finish")
TWO_APPROVERS_ABOVE = {
    currency: above for currency, tiers in TIERS.items() for above, approvers in tiers if approvers == 2
}
BROKEN = ("damaged_in_transit", "missing")

STORIES = (
    Story(9, [], 34, ANY),
    Story(3, [], 30, BROKEN, "resend"),
    Story(4, [take], 20, ANY),
    Story(3, [take, ask, answer], 20, FAULTS),
    Story(5, [take, ask], 150, FAULTS),
    Story(2, [take, ask, expire], 100, ANY),
    Story(3, [take, send_to_appraisal], 60, FAULTS),
    Story(2, [take, send_to_appraisal, give_appraisal], 16, FAULTS),
    Story(2, [take, offer], 12, BROKEN),
    Story(4, [take, offer, approve], 120, BROKEN),
    Story(2, [take, offer, approve, decline], 14, BROKEN),
    Story(3, [take, offer, approve, accept, pay], 160, BROKEN),
    Story(7, [take, propose], 32, ANY),
    Story(2, [take, propose, send_back], 12, ANY),
    Story(2, [take, propose_credit], 20, ANY),
    Story(8, [take, propose, approve], 300, ANY),
    Story(8, SHIPPED_BACK, 260, ANY),
    Story(5, ARRIVED, 60, ANY),
    Story(3, [*ARRIVED, inspect_other, carry_out_verdict], 30, ANY),
    Story(4, [*ARRIVED, inspect, carry_out_verdict, send_refunds], 60, ANY),
    Story(2, [*ARRIVED, inspect, carry_out_verdict, return_by_bank], 40, ANY),
    Story(2, [*ARRIVED, inspect, carry_out_verdict, return_by_bank, retry_refund, pay], 90, ANY),
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
    Story(2, [take, propose, approve_once], 20, FAULTS, above=TWO_APPROVERS_ABOVE),
)


def _conclude(
    state: StoryState, verdict: str, disposition: str, grade: str, finding: Translations, *, claimed: bool
) -> None:
    findings = []
    for line in state.case.lines.filter(received__gt=0).select_related("reason"):
        as_claimed = claimed and line.reason.liability != "shopper"
        findings.append(
            FindingDraft(line, "as_claimed" if as_claimed else verdict, disposition, grade, state.text(finding))
        )
    conclude(state.case, by=state.staff["inspector"], findings=findings, now=state.now)


def _reference(state: StoryState) -> str:
    return (
        f"BACS{state.rng.randrange(10**8, 10**9)}"
        if state.demo.country == "GB"
        else f"ICBC{state.rng.randrange(10**11, 10**12)}"
    )
