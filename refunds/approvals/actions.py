"""Approve plans: enough different people, none of them the author. After the last approval the case goes on.

A plan is carried out then; a counter-offer is shown to the shopper, and carried out when they accept it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from refunds.approvals.queries import count_approvals, has_answered, items_that_need_goods, tiers_of
from refunds.ledger.locks import LockedWithBooks, lock_with_books
from refunds.models import Approval, Resolution
from refunds.pricing.queries import plan_in_force
from refunds.pricing.rules import goods_are_here, needed_approvers
from refunds.pricing.versions import save, supersede
from refunds.settlement import actions as settlement
from returns.lifecycle.actions import Step, take_step
from returns.lifecycle.queries import bare_lines
from returns.logbook.statements import save_statement
from returns.logbook.writer import Actor, author_of, note
from returns.models import Case, Line, Statement
from returns.permissions import APPROVE
from signoff.db.history import save_with_history
from signoff.db.required import required

SENT_BACK, REJECTED = Approval.Answer.SENT_BACK, Approval.Answer.REJECTED
TOPICS: dict[str, Statement.Topic] = {
    SENT_BACK: Statement.Topic.NOTE,
    REJECTED: Statement.Topic.REFUSAL,
}  # only the second is for the shopper


class ApprovalRefused(Exception):
    """This person may not answer this plan; a sentence that says why."""


def approvers_needed(resolution: Resolution) -> int:
    """How many different people must approve: the highest tier of the shop that the plan's total reaches."""
    return needed_approvers(tiers_of(resolution.case.shop_id), resolution.total)


def why_not(resolution: Resolution, by: User) -> str:
    """A sentence why ``by`` may not answer this plan; "" if they may."""
    if resolution.proposed_by_id == by.pk:
        return _("You can't approve your own plan. Someone else has to.")
    if has_answered(resolution, by):
        return _("You have already approved this plan. It needs one more person.")
    return ""


@transaction.atomic
def approve(case: Case, *, by: User, note: str = "", seen: int | None = None, now: datetime | None = None) -> Case:
    """Approve the plan in force. With the last approval needed the case is authorised or settled, or the offer made.

    Raises ``ApprovalRefused``, ``TransitionNotAllowed``, ``PermissionDenied`` and, when what the plan gives
    back is no longer left, ``ExceedsRefundable``.
    """
    now = now or timezone.now()
    locked, resolution = _open_plan(case, by=by, seen=seen)
    _answer(resolution, Approval.Answer.APPROVED, by=by, words=note, now=now)
    return _go_on(locked, resolution, by=by, now=now)


def approve_without_people(case: LockedWithBooks, resolution: Resolution, *, now: datetime) -> Case:
    """Approve a plan that needs no approver in the system's name; leave other plans alone."""
    if approvers_needed(resolution):
        return case
    _answer(resolution, Approval.Answer.APPROVED, by=None, words="", now=now)
    return _go_on(case, resolution, by=None, now=now)


def send_back(case: Case, *, by: User, note: str, seen: int | None = None, now: datetime | None = None) -> Case:
    """Send the plan back to the desk for the reason in ``note``; a case with received goods goes back to inspected."""
    lines = list(case.lines.all())
    step = Case.send_back_to_bench if goods_are_here(lines) else Case.send_back
    return _turn_down(case, step, SENT_BACK, by=by, words=note, seen=seen, now=now)


def reject_plan(case: Case, *, by: User, words: str, seen: int | None = None, now: datetime | None = None) -> Case:
    """Reject plan and wish; ``words`` are the reason for the shopper, who may appeal."""
    return _turn_down(case, Case.reject, REJECTED, by=by, words=words, seen=seen, now=now)


@transaction.atomic
def _turn_down(
    case: Case, step: Step, answer: str, *, by: User, words: str, seen: int | None, now: datetime | None
) -> Case:
    now = now or timezone.now()
    locked, resolution = _open_plan(case, by=by, seen=seen)
    _answer(resolution, answer, by=by, words=words, now=now)
    supersede(locked, by=by, now=now)
    take_step(locked, step, by=by, now=now, resolution=resolution.pk)
    save_statement(locked, topic=TOPICS[answer], words=words, by=by, now=now)
    return locked


def _open_plan(case: Case, *, by: User, seen: int | None) -> tuple[LockedWithBooks, Resolution]:
    """Lock the case with its books and return it with the plan that waits for an answer of ``by``."""
    locked = lock_with_books(case)
    resolution = plan_in_force(locked)
    if locked.status != Case.Status.AWAITING_APPROVAL or resolution is None or seen not in (None, locked.seq):
        raise TransitionNotAllowed(_changed(locked), object=locked)
    if not (by.is_active and by.has_perm(APPROVE)):
        raise PermissionDenied(_("You don't have permission for this step. Ask a colleague who has."))
    resolution.case = locked
    if refusal := why_not(resolution, by):
        raise ApprovalRefused(refusal)
    return locked, resolution


def _answer(resolution: Resolution, answer: str, *, by: User | None, words: str, now: datetime) -> None:
    approval = Approval(
        resolution=resolution, answer=answer, by=by, proposed_by_id=resolution.proposed_by_id, note=words, at=now
    )
    save_with_history(approval, by=by, now=now)


def _go_on(case: LockedWithBooks, resolution: Resolution, *, by: Actor, now: datetime) -> Case:
    """Record an approval; after the last one needed, carry the plan out, or make the offer."""
    needed, approved = approvers_needed(resolution), count_approvals(resolution)
    note(case, "approve", by=by, now=now, resolution=resolution.pk, given=approved, needed=needed)
    if approved < needed:
        return case
    resolution.approved_at = now
    save(resolution, by=by, now=now)
    if resolution.kind == Resolution.Kind.OFFER:
        return _make_offer(case, resolution, now=now)
    return carry_out(case, resolution, by=by, now=now)


def _make_offer(case: LockedWithBooks, resolution: Resolution, *, now: datetime) -> Case:
    """Show the offer to the shopper, in the words of the person who proposed it: no other name stands beside them."""
    take_step(case, Case.make_offer, by=None, now=now, **plan_facts(resolution))
    save_statement(case, topic=Statement.Topic.OFFER, words=resolution.words, by=resolution.proposed_by, now=now)
    return case


def plan_facts(resolution: Resolution) -> dict[str, Any]:
    """What the logbook says of a plan whose ``case`` is at hand."""
    return {
        "resolution": resolution.pk,
        "amount": str(resolution.total),
        "currency": resolution.case.order.currency,
    }


def carry_out(
    case: LockedWithBooks, resolution: Resolution, *, by: Actor, now: datetime, accepted: bool = False
) -> Case:
    """Wait for the goods of an approved plan, or settle it; ``accepted``: it is an offer that the shopper accepts."""
    lines = bare_lines(case)
    if not resolution.goods_come_back or goods_are_here(lines):
        return settlement.begin(case, by=by, now=now, step=Case.accept_offer_and_settle if accepted else Case.settle)
    _authorise_units(resolution, lines, by=by, now=now)
    step = Case.accept_offer if accepted else Case.authorise
    return take_step(case, step, by=by, now=now, resolution=resolution.pk)


def _authorise_units(resolution: Resolution, lines: Iterable[Line], *, by: Actor, now: datetime) -> None:
    """Set on each line how many units the shopper may send."""
    planned: dict[int, int] = {}
    for item in items_that_need_goods(resolution):
        line_id = required(item.line_id)
        planned[line_id] = planned.get(line_id, 0) + item.quantity
    for line in lines:
        line.authorised = planned.get(line.pk, 0)
        save_with_history(line, by=author_of(by), now=now)


def _changed(case: Case) -> str:
    return _(
        "Case %(number)s has changed in the meantime. Its status is now “%(status)s”. Check it again before you decide."
    ) % {
        "number": case.number,
        "status": case.get_status_display(),
    }
