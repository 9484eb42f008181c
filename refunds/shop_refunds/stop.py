"""Stop a plan that is no longer right, because the shop has refunded the order itself or a payment cannot be made."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed, can_proceed

from refunds.ledger.caps import release
from refunds.ledger.locks import LockedWithBooks, lock_with_books
from refunds.ledger.trail import pinned
from refunds.models import Refund, Resolution
from refunds.payouts.transitions import PAY, transition_refund
from refunds.pricing.queries import plan_in_force
from refunds.pricing.rules import goods_are_here
from refunds.pricing.shares import shares_of
from refunds.pricing.versions import supersede
from refunds.settlement.debts import cancel_debt
from returns.lifecycle.actions import require_permission, take_step
from returns.lifecycle.queries import bare_lines
from returns.logbook.writer import Actor, note
from returns.models import Case
from signoff.money import to_coin

Status = Refund.Status
#: a provider may have paid them at this moment
IN_FLIGHT = (Status.SENDING, Status.UNKNOWN, Status.PENDING)


def stop_plan(case: LockedWithBooks, *, sparing: Sequence[str] = (), why: str, by: Actor, now: datetime) -> bool:
    """Take the plan of ``case`` out of force, and its refunds that nobody has started; returns whether any stopped.

    A case that waits for approval, for an answer to an offer or for money goes back to its review, or to the bench's
    verdict; where goods are under way it stays. Refunds by the ways in ``sparing`` that finance makes by hand may be
    paid already: while one of them or a provider's is open, the case goes on waiting.
    """
    plan = plan_in_force(case)
    if plan is None:
        return False
    rows = plan.refunds.select_for_update(of=["self"]).select_related("payment", "resolution")
    refunds = list(rows.order_by("pk"))
    if not refunds and case.status == Case.Status.SETTLING:
        return False  # only goods are owed
    stopped = [refund for refund in refunds if _is_stoppable(refund, sparing)]
    for refund in stopped:
        _stop_refund(case, refund, why=why, by=by, now=now)
    unpaid = [refund for refund in refunds if refund.status == Status.FAILED]
    if refunds and (not unpaid or any(refund.status in IN_FLIGHT for refund in refunds)):
        return bool(stopped)
    _end(case, plan, unpaid, by=by, now=now)
    return True


@transaction.atomic
def plan_again(case: Case, *, by: Actor, now: datetime | None = None) -> Case:
    """Give up the unpaid rest of a plan whose refund has failed; the desk makes another plan.

    Raises ``PermissionDenied``, and ``TransitionNotAllowed`` while a refund of the case may still be paid.
    """
    require_permission(by, PAY)
    now = now or timezone.now()
    locked = lock_with_books(case)
    plan = plan_in_force(locked)
    if plan is None or not _can_plan_again(locked, plan.refunds.all()):
        raise TransitionNotAllowed(_("A refund of this case may still be paid. Wait for its outcome, then try again."))
    _end(locked, plan, list(plan.refunds.filter(status=Status.FAILED)), by=by, now=now)
    return locked


def can_plan_again(case: Case) -> bool:
    """Whether ``plan_again`` is possible: a refund has failed and none may still be paid."""
    plan = plan_in_force(case)
    return plan is not None and _can_plan_again(case, plan.refunds.all())


def _can_plan_again(case: Case, refunds: Iterable[Refund]) -> bool:
    statuses = {refund.status for refund in refunds}
    return (
        case.status == Case.Status.SETTLING
        and Status.FAILED in statuses
        and not statuses.intersection({*IN_FLIGHT, Status.DUE})
    )


def _is_stoppable(refund: Refund, sparing: Sequence[str]) -> bool:
    by_hand = refund.status == Status.SENDING and refund.lease_until is None
    return refund.status == Status.DUE or (by_hand and refund.gateway not in sparing)


def _stop_refund(case: LockedWithBooks, refund: Refund, *, why: str, by: Actor, now: datetime) -> None:
    refund.case = case
    release(refund, shares_of(refund))
    refund.failure = why[: Refund._meta.get_field("failure").max_length]
    transition_refund(refund, "fail", by=by, now=now, why="stop")
    facts = {"refund": refund.token, "amount": str(to_coin(refund.amount, refund.currency))}
    note(
        case,
        "refund_stopped",
        by=by,
        now=now,
        digests=pinned(refund),
        currency=refund.currency,
        gateway=refund.gateway,
        **facts,
    )


def _end(case: LockedWithBooks, plan: Resolution, unpaid: Sequence[Refund], *, by: Actor, now: datetime) -> None:
    """Take the plan out of force, cancel the debt of its unpaid refunds, and send the case back."""
    cancel_debt(case, unpaid, now=now)
    supersede(case, by=by, now=now)
    step = Case.stop_plan_at_bench if goods_are_here(bare_lines(case)) else Case.stop_plan
    if can_proceed(getattr(case, step.__name__)):
        take_step(case, step, by=by, now=now, resolution=plan.pk)
