"""Name a payee, show it to finance, forget it. The logbook says that it was done, never what the account is."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from refunds.models import Payee, Refund
from returns.lifecycle.actions import require_permission
from returns.lifecycle.states import FINISHED, PAY
from returns.logbook.locks import LockedCase, lock_case
from returns.logbook.writer import Actor, note
from returns.models import Case


@transaction.atomic
def name_payee(case: Case, *, by: Actor, kind: str, name: str, account: str, now: datetime | None = None) -> Payee:
    """Store the checked account for the bank transfers of ``case``, in place of an earlier one."""
    now = now or timezone.now()
    locked = lock_case(case)
    payee, _created = Payee.objects.update_or_create(
        case=locked, defaults={"kind": kind, "name": name, "account": account, "given_at": now}
    )
    note(locked, "payee_named", by=by, now=now, kind=kind)
    return payee


def ask_for_payee(case: LockedCase, *, now: datetime) -> None:
    """Ask the shopper where a bank transfer goes, unless that is known; a case of the past is not asked about."""
    transfers = case.refunds.filter(gateway=Refund.Gateway.MANUAL, status=Refund.Status.DUE)
    known = Payee.objects.filter(case=case).exists()
    if case.channel != Case.Channel.IMPORT and not known and transfers.exists():
        note(case, "payee_wanted", by=None, now=now)


@transaction.atomic
def reveal_payee(refund: Refund, *, by: Actor, now: datetime | None = None) -> Payee | None:
    """The payee in clear, for the person who makes the transfer; the logbook keeps who has seen it.

    Raises ``PermissionDenied``. None if the shopper has named none.
    """
    require_permission(by, PAY)
    payee = Payee.objects.filter(case=refund.case).first()
    if payee is not None:
        note(lock_case(refund.case), "payee_shown", by=by, now=now or timezone.now())
    return payee


def forget_payees() -> int:
    """Delete the payees of cases that are finished and owe nothing; returns their number."""
    owing = Refund.objects.exclude(status=Refund.Status.PAID).values("case")
    done = Payee.objects.filter(case__status__in=FINISHED).exclude(case__in=owing)
    return done.delete()[0]
