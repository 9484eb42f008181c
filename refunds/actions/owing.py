"""What a settled plan makes the shop owe: money, goods, and the voucher that says so. Everything is locked."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Max

from inspection.models import Finding
from refunds.actions import reserving
from refunds.actions.attempts import key_of
from refunds.actions.ledger import Occasion, Side, book
from refunds.models import Approval, Entry, Refund, Replacement, Resolution
from returns.models import Case
from returns.models.reasons import Remedy
from signoff.keeping import keep
from signoff.models import Payment
from signoff.models.tokens import public_token

KIND_OF = {
    Remedy.EXCHANGE: Replacement.Kind.EXCHANGE,
    Remedy.REPAIR: Replacement.Kind.REPAIR,
    Remedy.RESEND: Replacement.Kind.RESEND,
}


def owe_money(case: Case, plan: Resolution, *, now: datetime) -> bool:
    """Make a refund per payment, count each against payment and lines, book the debt; whether any money is owed.

    Raises ``reserving.MoreThanPaid``.
    """
    planned = list(plan.items.all())
    paid_back = reserving.items_in_order(planned)
    for items, parts in reserving.spread(paid_back, reserving.payments_of(paid_back)):
        refunds = [_refund(case, plan, payment, amount, now=now) for payment, amount in parts]
        shares = dict(reserving.fill(refunds, items))
        for refund in refunds:
            reserving.reserve(refund, shares[refund.pk])
    sides = [
        Side(Entry.Account.RETURNS, sum((item.net for item in planned), Decimal(0))),
        Side(Entry.Account.TAX, sum((item.tax for item in planned), Decimal(0))),
        Side(Entry.Account.PAYABLE, -plan.total, customer=case.customer),
    ]
    book(case, sides=sides, currency=case.order.currency, occasion=Occasion.SETTLED, now=now)
    return bool(paid_back)


def owe_goods(case: Case, plan: Resolution, findings: Sequence[Finding]) -> None:
    """Make a replacement for everything that has to go out, and for what the bench sends back."""
    for item in plan.items.all():
        if item.remedy not in KIND_OF or not item.quantity:
            continue
        article = item.line.order_line
        Replacement.objects.create(
            case=case,
            item=item,
            kind=KIND_OF[item.remedy],
            sku=article.sku,
            title=article.title,
            quantity=item.quantity,
        )
    for finding in _sent_back(case, findings):
        article = finding.line.order_line
        Replacement.objects.create(
            case=case,
            kind=Replacement.Kind.SEND_BACK,
            sku=article.sku,
            title=article.title,
            quantity=finding.quantity,
        )


def _refund(case: Case, plan: Resolution, payment: Payment, amount: Decimal, *, now: datetime) -> Refund:
    yeses = [given for given in plan.approvals.all() if given.answer == Approval.Answer.APPROVED and given.by_id]
    yes = max(yeses, key=lambda given: given.at, default=None)
    token = public_token()
    refund = Refund(
        case=case,
        resolution=plan,
        payment=payment,
        token=token,
        amount=amount,
        currency=case.order.currency,
        gateway=plan.gateway,
        idempotency_key=key_of(token, 1),
        requested_by_id=plan.proposed_by_id,
        approved_by_id=yes.by_id if yes else None,
        due_at=now,
    )
    keep(refund, by=None, now=now)
    return refund


def _sent_back(case: Case, findings: Sequence[Finding]) -> list[Finding]:
    """What the last inspection sends back to the shopper, unless an earlier settlement has taken care of it."""
    back = [found for found in findings if found.disposition == Finding.Disposition.SEND_BACK]
    return [] if back and _settled_since_inspection(case) else back


def _settled_since_inspection(case: Case) -> bool:
    """Whether the settlement that has just been recorded is not the first one after the bench's verdict."""
    seen = case.log.filter(verb=Case.inspect.__name__).aggregate(last=Max("seq"))["last"] or 0
    return case.log.filter(verb=Case.settle.__name__, seq__gt=seen).count() > 1
