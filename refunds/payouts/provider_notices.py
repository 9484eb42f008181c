"""Webhook notices of payment providers. They only start a look-up, so late, repeated and forged ones do no harm."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from refunds.models import Refund
from refunds.models.refunds import Status
from refunds.payouts import outcomes
from refunds.payouts.gateways import Failed, Outcome, Paid, Pending, Reversed
from refunds.payouts.reinstate import reinstate
from refunds.payouts.transitions import lock_refund
from refunds.payouts.worker import look_up

logger = logging.getLogger(__name__)

#: a state is left only for one of a higher rank
RANK = {
    Status.DUE: 0,
    Status.SENDING: 1,
    Status.UNKNOWN: 1,
    Status.PENDING: 2,
    Status.FAILED: 3,
    Status.PAID: 4,
    Status.REVERSED: 5,
}
LEADS_TO: dict[type[Outcome], Status] = {
    Pending: Status.PENDING,
    Failed: Status.FAILED,
    Paid: Status.PAID,
    Reversed: Status.REVERSED,
}


def handle_notice(gateway: str, token: str, *, now: datetime | None = None) -> Refund | None:
    """Handle a provider's notice about the refund ``token``: read the provider's list and record the result.

    Returns None if there is no refund with this token.
    """
    refund = Refund.objects.select_related("case", "payment").filter(gateway=gateway, token=token).first()
    if refund is None:
        logger.warning("%s told of a refund that is not ours", gateway)
        return None
    return follow(refund, look_up(refund), now=now or timezone.now())


@transaction.atomic
def follow(refund: Refund, outcome: Outcome, *, now: datetime) -> Refund:
    """Record the outcome from the provider's list, unless the refund has advanced meanwhile."""
    locked = lock_refund(refund)
    towards = LEADS_TO.get(type(outcome))
    if towards is None or locked.idempotency_key != refund.idempotency_key or RANK[towards] <= RANK[locked.status]:
        return locked
    if locked.status == Status.FAILED:  # it had been marked as unpaid
        reinstate(locked, now=now)
    locked.lease_token, locked.lease_until = "", None
    return outcomes.record(locked, outcome, now=now)
