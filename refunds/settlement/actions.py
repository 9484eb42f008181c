"""Carry out approved plans: count and book refunds, create replacements; automatic after an inspection."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from inspection.models import Finding
from inspection.queries import findings_of
from refunds.ledger import caps
from refunds.ledger.booking import Occasion, Side, book
from refunds.ledger.locks import LockedWithBooks, lock_with_books
from refunds.ledger.trail import save_refund
from refunds.models import Approval, Entry, Refund, Replacement, Resolution
from refunds.models.refunds import key_of
from refunds.payees.actions import ask_for_payee
from refunds.pricing.queries import plan_with_items
from refunds.pricing.shares import fill, items_in_order
from refunds.pricing.versions import SETTLES, supersede
from refunds.settlement.finish import finish
from refunds.settlement.queries import inspected_with_plan
from refunds.settlement.rules import verdict_fits
from refunds.ways.rules import way_for
from refunds.ways.text import way_missing
from returns.lifecycle.actions import Step, take_step
from returns.lifecycle.sweep import sweep
from returns.logbook.locks import LockedCase, lock_case
from returns.logbook.writer import Actor, note
from returns.models import Case
from returns.models.reasons import Remedy
from signoff.db.required import required
from signoff.db.tokens import public_token
from signoff.models import Payment

KIND_OF: dict[str, Replacement.Kind] = {
    Remedy.EXCHANGE: Replacement.Kind.EXCHANGE,
    Remedy.REPAIR: Replacement.Kind.REPAIR,
    Remedy.RESEND: Replacement.Kind.RESEND,
}


def _owe_money(case: Case, plan: Resolution, *, now: datetime) -> bool:
    """Create a refund for each payment, count it against payment and lines, book the debt; returns whether any is owed.

    Raises ``ExceedsRefundable``.
    """
    planned = list(plan.items.all())
    paid_back = items_in_order(planned)
    for items, parts in caps.spread(paid_back, caps.payments_of(paid_back)):
        refunds = [_refund(case, plan, payment, amount, now=now) for payment, amount in parts]
        shares = dict(fill(refunds, items))
        for refund in refunds:
            caps.reserve(refund, shares[refund.pk])
    sides = [
        Side(Entry.Account.RETURNS, sum((item.net for item in planned), Decimal(0))),
        Side(Entry.Account.TAX, sum((item.tax for item in planned), Decimal(0))),
        Side(Entry.Account.PAYABLE, -plan.total, customer=case.customer),
    ]
    book(case, sides=sides, currency=case.order.currency, occasion=Occasion.SETTLED, now=now)
    return bool(paid_back)


def _owe_goods(case: Case, plan: Resolution, findings: Sequence[Finding], *, now: datetime) -> None:
    """Create replacements for goods to send, and for goods that the bench sends back."""
    for item in plan.items.all():
        if item.remedy not in KIND_OF or not item.quantity:
            continue
        article = required(item.line).order_line
        Replacement.objects.create(
            case=case,
            item=item,
            kind=KIND_OF[item.remedy],
            sku="" if item.instead_item else article.sku,
            title=item.instead_item or article.title,
            option=item.instead_option,
            quantity=item.quantity,
            owed_at=now,
        )
    for finding in _sent_back(case, findings):
        article = finding.line.order_line
        Replacement.objects.create(
            case=case,
            kind=Replacement.Kind.SEND_BACK,
            sku=article.sku,
            title=article.title,
            quantity=finding.quantity,
            owed_at=now,
        )


def _refund(case: Case, plan: Resolution, payment: Payment, amount: Decimal, *, now: datetime) -> Refund:
    approvals = [row for row in plan.approvals.all() if row.answer == Approval.Answer.APPROVED and row.by_id]
    last = max(approvals, key=lambda row: row.at, default=None)
    token = public_token()
    refund = Refund(
        case=case,
        resolution=plan,
        payment=payment,
        token=token,
        amount=amount,
        currency=case.order.currency,
        gateway=_way(plan, payment),
        idempotency_key=key_of(token, 1),
        requested_by_id=plan.proposed_by_id,
        approved_by_id=last.by_id if last else None,
        due_at=now,
    )
    save_refund(refund, by=None, now=now)
    return refund


def _way(plan: Resolution, payment: Payment) -> str:
    if way := way_for(plan, payment):
        return way
    raise caps.ExceedsRefundable(way_missing(payment))


def _sent_back(case: Case, findings: Sequence[Finding]) -> list[Finding]:
    """Findings of goods to send back to the shopper, unless an earlier settlement has covered them."""
    returned = [finding for finding in findings if finding.disposition == Finding.Disposition.SEND_BACK]
    return [] if returned and _settled_since_inspection(case) else returned


def _settled_since_inspection(case: Case) -> bool:
    """Whether the settlement that has just been recorded is not the first one after the bench's verdict."""
    seen = case.log.filter(verb=Case.inspect.__name__).aggregate(last=Max("seq"))["last"] or 0
    return case.log.filter(verb__in=SETTLES, seq__gt=seen).count() > 1


def begin(case: LockedWithBooks, *, by: Actor, now: datetime, step: Step = Case.settle) -> Case:
    """Settle ``case`` by its approved plan: create refunds and replacements, count them, book a voucher.

    ``step`` is the one that leads there, ``settle`` or ``accept_offer_and_settle``.

    A plan without refunds and replacements resolves the case at once. Raises ``TransitionNotAllowed``,
    ``PermissionDenied``, ``ExceedsRefundable`` (a sentence); then everything is rolled back.
    """
    plan = _approved_plan(case)
    if plan is None:
        raise TransitionNotAllowed(_("This case has no approved plan. Propose one first."))
    return _settle(case, plan, findings_of(case), step=step, by=by, now=now)


@transaction.atomic
def meet_verdict(case: Case, *, now: datetime | None = None) -> Case:
    """The system's step after an inspection: settle if the verdict fits the plan, else void the plan.

    The plan is also voided if its money has been refunded another way meanwhile. Without an approved plan in force, or
    in another state, it does nothing.
    """
    now = now or timezone.now()
    case = lock_with_books(case)
    plan = _approved_plan(case)
    if case.status != Case.Status.INSPECTED or plan is None:
        return case
    findings = findings_of(case)
    if plan.goods_come_back and not verdict_fits(plan.items.all(), findings):
        return _void(plan, case, "verdict_differs", now=now)
    try:
        with transaction.atomic():
            return _settle(case, plan, findings, step=Case.settle, by=None, now=now)
    except caps.ExceedsRefundable:
        return _void(plan, lock_case(case), "plan_exceeds", now=now)


def follow_verdicts(*, now: datetime | None = None) -> int:
    """Call ``meet_verdict`` for inspected cases with an approved plan, one transaction each; returns their number."""
    return sweep(inspected_with_plan(), partial(meet_verdict, now=now), refusals=(caps.ExceedsRefundable,))


def _settle(
    case: LockedWithBooks, plan: Resolution, findings: Sequence[Finding], *, step: Step, by: Actor, now: datetime
) -> LockedWithBooks:
    """Carry out ``plan`` of ``case``."""
    take_step(case, step, by=by, now=now, resolution=plan.pk, amount=str(plan.total))
    owed = _owe_money(case, plan, now=now)
    ask_for_payee(case, now=now)
    _owe_goods(case, plan, findings, now=now)
    return case if owed else finish(case, now=now)


def _void(plan: Resolution, case: LockedCase, verb: str, *, now: datetime) -> Case:
    """Take the plan out of force, so that the desk makes another."""
    supersede(case, by=None, now=now)
    note(case, verb, by=None, now=now, resolution=plan.pk)
    return case


def _approved_plan(case: Case) -> Resolution | None:
    plan = plan_with_items(case)
    return plan if plan and plan.approved_at else None
