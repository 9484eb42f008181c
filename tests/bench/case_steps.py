"""One case from request to survey by the product's own actions, one function per step."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.utils import timezone

from feedback.surveys.actions import answer_and_close, send_survey
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
class BenchShop:
    """The people of the desk and the reason that every case gives."""

    agent: User
    manager: User
    inspector: User
    reason: Reason


@dataclass
class BenchCase:
    """What the steps of one case hand to each other."""

    bench_shop: BenchShop
    order: Order
    case: Case = field(init=False)
    line: Line = field(init=False)
    refund: Refund = field(init=False)


type Step = Callable[[BenchCase], None]


def make_bench_shop(order: Order) -> BenchShop:
    """The desk of the order's shop."""
    people = {role: UserFactory(role=role) for role in ("agent", "manager", "inspector")}
    return BenchShop(**people, reason=ReasonFactory(shop=order.shop))


def make_orders(number: int) -> list[int]:
    """Primary keys of so many orders, each of three units that are paid."""
    return [OrderFactory().pk for _ in range(number)]


def submitted(bench_case: BenchCase) -> None:
    line = bench_case.order.lines.get()
    wish = Wish(line, UNITS, bench_case.bench_shop.reason, "refund", words="Two of them stay dark.")
    bench_case.case = open_case(bench_case.order, [wish], by=bench_case.order.customer, channel=Case.Channel.PORTAL)


def proposed(bench_case: BenchCase) -> None:
    bench_case.line = bench_case.case.lines.get()
    bench_case.case = propose(
        bench_case.case,
        by=bench_case.bench_shop.agent,
        items=[ItemDraft(line=bench_case.line, quantity=UNITS)],
        goods_come_back=True,
        gateway=Refund.Gateway.STORE_CREDIT,
        note="Known fault of this series.",
        seen=bench_case.case.seq,
    )


def approved(bench_case: BenchCase) -> None:
    bench_case.case = approve(bench_case.case, by=bench_case.bench_shop.manager, seen=bench_case.case.seq)


def shipped(bench_case: BenchCase) -> None:
    bench_case.case = ship(
        bench_case.case,
        by=bench_case.order.customer,
        carrier="DHL",
        tracking_number="JD014600003RU",
        seen=bench_case.case.seq,
    )


def received(bench_case: BenchCase) -> None:
    parcel = bench_case.case.parcels.filter(direction=Parcel.Direction.RETURN).last()
    receipt = receive(
        bench_case.case,
        by=bench_case.bench_shop.inspector,
        counted={bench_case.line.pk: UNITS},
        parcel=parcel,
        seen=bench_case.case.seq,
    )
    bench_case.case = receipt.case


def inspected(bench_case: BenchCase) -> None:
    finding = FindingDraft(bench_case.line, Finding.Verdict.AS_CLAIMED, Finding.Disposition.SCRAP)
    bench_case.case = conclude(
        bench_case.case, by=bench_case.bench_shop.inspector, findings=[finding], seen=bench_case.case.seq
    ).case


def settled(bench_case: BenchCase) -> None:
    bench_case.case = meet_verdict(bench_case.case)


def claimed(bench_case: BenchCase) -> None:
    refund = bench_case.case.refunds.get()
    bench_case.refund = claim(timezone.now(), only=refund)


def paid(bench_case: BenchCase) -> None:
    settle(bench_case.refund, call(bench_case.refund))


def closed(bench_case: BenchCase) -> None:
    answer_and_close(send_survey(bench_case.case), satisfaction=5, ease=4, words="Quick and kind.")


STEPS: tuple[Step, ...] = (submitted, proposed, approved, shipped, received, inspected, settled, claimed, paid, closed)
