"""One case through its whole life by the product's own deeds, one function per step of somebody."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.utils import timezone

from feedback.surveys.actions import answer_and_close, ask
from inspection.actions import FindingDraft, conclude, receive
from inspection.models import Finding
from refunds.approvals.actions import approve
from refunds.models import Refund
from refunds.payouts.worker import call, claim, settle
from refunds.plans.actions import propose
from refunds.pricing.price_plan import ItemDraft
from refunds.settlement.actions import meet_verdict
from returns.intake.actions import Wish, open_case
from returns.models import Case, Line, Reason
from returns.portal.actions import ship
from signoff.models import Order, Parcel
from tests.factories import OrderFactory, ReasonFactory, UserFactory

UNITS = 2


@dataclass(frozen=True)
class House:
    """The people of the desk and the reason that every case gives."""

    agent: User
    manager: User
    inspector: User
    reason: Reason


@dataclass
class Life:
    """What the steps of one life hand to each other."""

    house: House
    order: Order
    case: Case = field(init=False)
    line: Line = field(init=False)
    refund: Refund = field(init=False)


type Step = Callable[[Life], None]


def make_house(order: Order) -> House:
    """The desk of the order's shop."""
    people = {role: UserFactory(role=role) for role in ("agent", "manager", "inspector")}
    return House(**people, reason=ReasonFactory(shop=order.shop))


def make_orders(number: int) -> list[int]:
    """Primary keys of so many orders, each of three units that are paid."""
    return [OrderFactory().pk for _ in range(number)]


def submitted(life: Life) -> None:
    line = life.order.lines.get()
    wish = Wish(line, UNITS, life.house.reason, "refund", words="Two of them stay dark.")
    life.case = open_case(life.order, [wish], by=life.order.customer, channel=Case.Channel.PORTAL)


def proposed(life: Life) -> None:
    life.line = life.case.lines.get()
    life.case = propose(
        life.case,
        by=life.house.agent,
        items=[ItemDraft(line=life.line, quantity=UNITS)],
        goods_come_back=True,
        gateway=Refund.Gateway.STORE_CREDIT,
        note="Known fault of this series.",
        seen=life.case.seq,
    )


def approved(life: Life) -> None:
    life.case = approve(life.case, by=life.house.manager, seen=life.case.seq)


def shipped(life: Life) -> None:
    life.case = ship(
        life.case, by=life.order.customer, carrier="DHL", tracking_number="JD014600003RU", seen=life.case.seq
    )


def received(life: Life) -> None:
    parcel = life.case.parcels.filter(direction=Parcel.Direction.RETURN).last()
    receipt = receive(
        life.case, by=life.house.inspector, counted={life.line.pk: UNITS}, parcel=parcel, seen=life.case.seq
    )
    life.case = receipt.case


def inspected(life: Life) -> None:
    finding = FindingDraft(life.line, Finding.Verdict.AS_CLAIMED, Finding.Disposition.SCRAP)
    life.case = conclude(life.case, by=life.house.inspector, findings=[finding], seen=life.case.seq).case


def settled(life: Life) -> None:
    life.case = meet_verdict(life.case)


def claimed(life: Life) -> None:
    refund = life.case.refunds.get()
    life.refund = claim(timezone.now(), only=refund)


def paid(life: Life) -> None:
    settle(life.refund, call(life.refund))


def closed(life: Life) -> None:
    answer_and_close(ask(life.case), satisfaction=5, ease=4, words="Quick and kind.")


STEPS: tuple[Step, ...] = (submitted, proposed, approved, shipped, received, inspected, settled, claimed, paid, closed)
