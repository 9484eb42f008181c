"""What happens by itself when a case's time is over."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from returns.actions.lifecycle import Step, move
from returns.models import Case

ON_EXPIRY: dict[str, Step] = {
    Case.Status.WAITING_ON_SHOPPER: Case.expire,
    Case.Status.OFFERED: Case.expire,
    Case.Status.AUTHORISED: Case.expire,
    Case.Status.RESOLVED: Case.close,
    Case.Status.REJECTED: Case.close,
    Case.Status.WITHDRAWN: Case.close,
    Case.Status.EXPIRED: Case.close,
}


def run_due(now: datetime | None = None) -> int:
    """Take the step of every clock that has run out by ``now``; each case in its own transaction.

    Returns how many cases moved. States that wait for staff only become overdue.
    """
    now = now or timezone.now()
    moved = 0
    while _run_one(now):
        moved += 1
    return moved


@transaction.atomic
def _run_one(now: datetime) -> bool:
    case = (
        Case.objects.select_for_update(skip_locked=True)
        .filter(status__in=ON_EXPIRY, due_at__lte=now)
        .order_by("due_at", "id")
        .first()
    )
    if case is None:
        return False
    move(case, ON_EXPIRY[case.status], by=None, reason="", now=now)
    return True
