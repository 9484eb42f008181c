"""Cases with an approved plan, and settled cases, made without the planning and approving actions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from refunds.ledger.locks import lock_with_books
from refunds.models import Item, Refund, Resolution
from refunds.settlement import actions as settlement
from refunds.settlement.finish import finish as finish_case
from returns.lifecycle.actions import move
from returns.logbook.locks import lock_with_lines
from returns.logbook.writer import Actor
from returns.models import Case, Line
from signoff.models import Order, Payment
from tests.factories import ApprovalFactory, OrderFactory, make_case
from tests.steps.logbook import note


def make_plan(
    case: Case, *, gross: str = "20.00", tax: str = "0", remedy: str = "refund", gateway: str = "manual", **options: Any
) -> Resolution:
    """A plan in force that a manager has approved: one item for the case's first line, or for each of ``lines``."""
    lines: Sequence[Line] = options.pop("lines", None) or [case.lines.first()]
    plan = Resolution.objects.create(
        case=case,
        gateway=gateway,
        total=Decimal(gross) * len(lines),
        proposed_at=timezone.now(),
        approved_at=timezone.now(),
        **options,
    )
    for line in lines:
        Item.objects.create(
            resolution=plan,
            remedy=remedy,
            line=line,
            quantity=line.requested,
            net=Decimal(gross) - Decimal(tax),
            tax=Decimal(tax),
            gross=Decimal(gross),
        )
    approval = ApprovalFactory(resolution=plan, at=timezone.now())
    note(case, "approve", by=approval.by, now=approval.at, resolution=plan.pk, given=1, needed=1)
    return plan


@transaction.atomic
def settle_case(case: Case, *, by: Actor) -> Case:
    """Lock ``case`` with its books and settle it by its approved plan."""
    return settlement.begin(lock_with_books(case), by=by, now=timezone.now())


@transaction.atomic
def finish(case: Case) -> Case:
    """Lock ``case`` with its order lines and resolve it if it owes nothing any more."""
    return finish_case(lock_with_lines(case))


def make_settled_case(case: Case | None = None, **options: Any) -> Case:
    """A case whose plan is being settled: ``gross`` to refund through ``gateway``."""
    case = move(case or make_case(), Case.propose, by=None)
    make_plan(case, **options)
    return settle_case(case, by=None)


def make_refund(**options: Any) -> Refund:
    """A refund that is due."""
    return make_settled_case(**options).refunds.get()


def make_order_paid_by_two() -> Order:
    """An order of two lines that was paid by 30.00 and then 90.00."""
    order = OrderFactory(lines=[(3, "20.00"), (3, "20.00")])
    Payment.objects.filter(order=order).update(captured=Decimal("30.00"))
    Payment.objects.create(order=order, position=2, captured=Decimal("90.00"))
    return order


def make_case_paid_by_two() -> Case:
    """A case about all units of the first line of an order that was paid by two payments."""
    return make_case(order=make_order_paid_by_two(), quantity=3)
