"""Count a refund again that failed or was stopped and was paid all the same: somebody was faster than a report."""

from datetime import datetime

from django.db import transaction

from refunds.ledger.caps import ExceedsRefundable, reserve, reserve_paid
from refunds.ledger.shop_refunds.counting import make_room
from refunds.payouts.transitions import LockedRefund, locked_case_of
from refunds.pricing.shares import shares_of
from refunds.settlement.debts import is_stopped, owe_again


def reinstate(refund: LockedRefund, *, now: datetime) -> None:
    """Count a failed or stopped refund again; what the shop gave back may exceed the payment then.

    Raises ``ExceedsRefundable`` if the lines or the payment were refunded here by another plan.
    """
    shares = shares_of(refund)
    try:
        with transaction.atomic():
            reserve(refund, shares)
    except ExceedsRefundable:
        make_room(refund.payment, refund.amount, now=now)
        reserve_paid(refund, shares)
    if is_stopped(refund):
        owe_again(locked_case_of(refund), refund, now=now)
